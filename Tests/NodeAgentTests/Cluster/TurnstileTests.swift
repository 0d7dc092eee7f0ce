import Synchronization
import Testing

@testable import NodeAgent

/// Requests of one container follow each other.
@Suite struct TurnstileTests {
    /// Stands still in a turnstile until it is let go.
    final class Gate: Sendable {
        private let stream = AsyncStream<Void>.makeStream()
        func wait() async { for await _ in stream.stream { return } }
        func open() { stream.continuation.yield() }
    }

    /// Who was inside, in order.
    final class Visitors: Sendable {
        private let state = Mutex<(inside: Int, numbers: [Int])>((0, []))
        var numbers: [Int] { state.withLock { $0.numbers } }

        /// Notes a visitor; returns how many others are inside.
        func enter(_ number: Int) -> Int {
            state.withLock { state in
                state.numbers.append(number)
                state.inside += 1
                return state.inside - 1
            }
        }
        func leave() { state.withLock { $0.inside -= 1 } }
    }

    @Test func oneAtATimeAndNobodyIsForgotten() async {
        let turnstile = Turnstile()
        let visitors = Visitors()
        let gate = Gate()
        let entered = Gate()
        let first = Task {
            await turnstile.pass("c") {
                #expect(visitors.enter(0) == 0)
                entered.open()
                await gate.wait()
                visitors.leave()
            }
        }
        await entered.wait()
        // Another container does not wait.
        #expect(await turnstile.pass("d") { 7 } == 7)
        var tasks: [Task<Void?, Never>] = []
        for number in 1...20 {
            let stands = Gate()
            tasks.append(
                Task {
                    stands.open()
                    return await turnstile.pass("c") {
                        #expect(visitors.enter(number) == 0)
                        await Task.yield()
                        visitors.leave()
                    }
                })
            await stands.wait()
        }
        #expect(visitors.numbers == [0])
        gate.open()
        _ = await first.value
        for task in tasks { #expect(await task.value != nil) }
        #expect(visitors.numbers.sorted() == Array(0...20))
    }

    @Test func whoIsCancelledLeavesTheLineAndHoldsUpNobody() async {
        let turnstile = Turnstile()
        let (gate, entered) = (Gate(), Gate())
        let first = Task {
            await turnstile.pass("c") {
                entered.open()
                await gate.wait()
            }
        }
        await entered.wait()
        let second = Task { await turnstile.pass("c") { 2 } }
        second.cancel()
        #expect(await second.value == nil)
        gate.open()
        await first.value
        #expect(await turnstile.pass("c") { 3 } == 3)
    }
}
