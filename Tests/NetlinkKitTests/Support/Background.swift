import Foundation
import Synchronization

/// Work on a thread of its own, beside a test that blocks: tasks would have to wait until the test is over.
final class Background: Sendable {
    private let outcome = Mutex<Result<Void, any Error>?>(nil)
    private let end = DispatchSemaphore(value: 0)

    init(_ work: @escaping @Sendable () throws -> Void) {
        Thread.detachNewThread {
            let outcome = Result(catching: work)
            self.outcome.withLock { $0 = outcome }
            self.end.signal()
        }
    }

    /// Waits for the end.
    func wait() throws {
        end.wait()
        try outcome.withLock { $0 }?.get()
    }
}
