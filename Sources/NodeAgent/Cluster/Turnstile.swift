internal import Synchronization

/// Lets the requests of one container pass one after the other, in the order in which they came; those of others do not wait.
///
/// A late ADD must not overtake the DEL of its own sandbox: nobody would ever free what it gets.
final class Turnstile: Sendable {
    private struct Line {
        var waiting: [(number: UInt64, continuation: CheckedContinuation<Bool, Never>)] = []
    }

    private struct State {
        var lines: [String: Line] = [:]
        var lastNumber: UInt64 = 0
        /// Those that were cancelled before they stood in line.
        var gone: Set<UInt64> = []
    }

    private let state = Mutex(State())

    /// Runs something when all who came before for the same key have ended.
    ///
    /// - Parameters:
    ///   - key: What is protected.
    ///   - body: What to do.
    /// - Returns: what it returns; `nil` when the task was cancelled before it was its turn.
    func pass<Value: Sendable>(_ key: String, _ body: () async -> Value) async -> Value? {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        let isAdmitted = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if state.gone.remove(number) != nil { return false }
                    guard state.lines[key] != nil else {
                        state.lines[key] = Line()
                        return true
                    }
                    state.lines[key]?.waiting.append((number, continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let continuation = state.withLock { state in
                if let place = state.lines[key]?.waiting.firstIndex(where: { $0.number == number }) {
                    return state.lines[key]?.waiting.remove(at: place).continuation
                }
                state.gone.insert(number)
                return nil
            }
            continuation?.resume(returning: false)
        }
        guard isAdmitted else { return nil }
        let value = await body()
        leave(key, number)
        return value
    }

    private func leave(_ key: String, _ number: UInt64) {
        let next = state.withLock { state in
            state.gone.remove(number)
            guard var line = state.lines[key], !line.waiting.isEmpty else {
                state.lines[key] = nil
                return nil as CheckedContinuation<Bool, Never>?
            }
            let next = line.waiting.removeFirst()
            state.lines[key] = line
            return next.continuation
        }
        next?.resume(returning: true)
    }
}
