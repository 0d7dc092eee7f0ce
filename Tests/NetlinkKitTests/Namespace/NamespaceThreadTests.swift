import Glibc
import NetlinkAsync
import NetlinkKit
import SystemPackage
import Testing

@Suite
struct NamespaceThreadTests {
    @Test
    func staysInsideAcrossSuspensions() async throws {
        let namespace = try NetworkNamespace.create()
        let expected = try namespace.identity.description
        let thread = try NamespaceThread(in: namespace)
        let seen = await thread.perform { _ in
            var seen = [Scratch.currentNamespace()]
            for _ in 0..<10 {
                await Task.yield()
                await Elsewhere().visit()
                seen.append(Scratch.currentNamespace())
            }
            return seen
        }
        #expect(Set(seen) == [expected])
    }

    /// Somewhere else for a task to go.
    actor Elsewhere {
        @discardableResult
        func visit() -> String { Scratch.currentNamespace() }
    }

    /// An actor of a user that lives in the namespace.
    actor Resident {
        let thread: NamespaceThread
        nonisolated var unownedExecutor: UnownedSerialExecutor { thread.unownedExecutor }

        init(thread: NamespaceThread) { self.thread = thread }

        func home() -> String { Scratch.currentNamespace() }
    }

    @Test
    func otherActorsCanLiveThere() async throws {
        let namespace = try NetworkNamespace.create()
        let resident = Resident(thread: try NamespaceThread(in: namespace))
        let home = await resident.home()
        #expect(try home == namespace.identity.description)
    }

    @Test
    func errorsKeepTheirType() async throws {
        enum Odd: Error { case one }
        let thread = try NamespaceThread(in: NetworkNamespace.create())
        do throws(Odd) {
            try await thread.perform { (_) async throws(Odd) in throw .one }
            Issue.record("nothing was thrown")
        } catch {
            #expect(error == .one)
        }
    }

    @Test
    func handsOutWhatCannotBeCopied() async throws {
        let thread = try NamespaceThread(in: NetworkNamespace.create())
        let inside = try await thread.perform { (_) throws(NetlinkError) in try NamespacePerformTests.Socket() }
        #expect(inside.sendToLoopback() == ENETUNREACH)
    }

    @Test
    func workIsDoneInItsOrder() async throws {
        actor Order {
            let thread: NamespaceThread
            var numbers: [Int] = []
            nonisolated var unownedExecutor: UnownedSerialExecutor { thread.unownedExecutor }
            init(thread: NamespaceThread) { self.thread = thread }
            func append(_ number: Int) { numbers.append(number) }
        }
        let order = Order(thread: try NamespaceThread(in: NetworkNamespace.create()))
        for number in 0..<200 { await order.append(number) }
        #expect(await order.numbers == Array(0..<200))
    }

    @Test
    func signalsDoNotDisturb() async throws {
        // Without SA_RESTART a handler makes every blocking call of the thread fail with EINTR.
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in }
        sigaction(SIGUSR2, &action, nil)
        let thread = try NamespaceThread(in: NetworkNamespace.create())
        let handle = await thread.perform { _ in pthread_self() }
        for round in 0..<100 {
            for _ in 0..<10 { pthread_kill(handle, SIGUSR2) }
            let answer = await thread.perform { _ in round }
            #expect(answer == round)
        }
    }

    @Test
    func aTaskCanBeCancelledInside() async throws {
        let thread = try NamespaceThread(in: NetworkNamespace.create())
        let task = Task {
            await thread.perform { _ in
                while !Task.isCancelled { await Task.yield() }
                return Scratch.currentNamespace()
            }
        }
        task.cancel()
        let inside = await task.value
        let again = await thread.perform { _ in Scratch.currentNamespace() }
        #expect(inside == again)
    }

    @Test
    func endsWithItsLastReference() async throws {
        await #expect(processExitsWith: .success) {
            // The pool's own threads come first, so that they do not count.
            await withTaskGroup { group in
                for _ in 0..<64 { group.addTask { await Task.yield() } }
            }
            try await Self.useOnce()
            let before = (Scratch.entries(in: "task"), Scratch.entries(in: "fd"))
            for _ in 0..<200 { try await Self.useOnce() }
            let after = (Scratch.entries(in: "task"), Scratch.entries(in: "fd"))
            // Threads of the pool that have had nothing to do for a while end.
            guard after.0 <= before.0, after.1 == before.1 else {
                print("threads and descriptors before \(before), after \(after)")
                exit(1)
            }
        }
    }

    private static func useOnce() async throws {
        let thread = try NamespaceThread(in: NetworkNamespace.create())
        _ = await thread.perform { _ in Scratch.currentNamespace() }
    }
}
