internal import NetlinkKit
internal import Synchronization

/// How a thread that waits for the kernel and a task that waits for an event find each other.
final class WatchExchange<Object: Sendable>: Sendable {
    typealias Outcome = Result<WatchEvent<Object>?, NetlinkError>

    private struct State {
        var asker: CheckedContinuation<Outcome, Never>?
        /// The thread should end.
        var isOver = false
        /// The thread has ended.
        var isFinished = false
    }

    private let state = Mutex(State())
    private let bell: EventDescriptor

    init() throws(NetlinkError) { bell = try EventDescriptor() }

    /// Asks for the next event.
    func ask(_ asker: CheckedContinuation<Outcome, Never>) {
        let isFinished = state.withLock { state in
            precondition(state.asker == nil, "a watch is iterated by one task at a time")
            if !state.isFinished { state.asker = asker }
            return state.isFinished
        }
        if isFinished { asker.resume(returning: .success(nil)) } else { bell.signal() }
    }

    /// Lets the thread end.
    func end() {
        state.withLock { $0.isOver = true }
        bell.signal()
    }

    /// Answers whoever asks, on the thread, until it is over.
    ///
    /// - Parameter next: Waits for an event; `nil` when the bell rang, which is the descriptor that it takes.
    func serve(_ next: (CInt) throws(NetlinkError) -> WatchEvent<Object>?) {
        while true {
            bell.wait()
            let (isOver, isAsked) = state.withLock { ($0.isOver, $0.asker != nil) }
            if isOver { return }
            guard isAsked else { continue }
            do throws(NetlinkError) {
                if let event = try next(bell.number) { answer(.success(event)) }
            } catch {
                state.withLock { $0.isOver = true }
                answer(.failure(error))
                return
            }
        }
    }

    /// Tells whoever asks, now or later, that it is over.
    func finish() {
        state.withLock { $0.isFinished = true }
        answer(.success(nil))
    }

    private func answer(_ outcome: Outcome) {
        let asker = state.withLock { $0.asker.take() }
        asker?.resume(returning: outcome)
    }
}
