import IPAMCore
import KubeClient
import Synchronization

/// A clock that stands still until a test moves it. Nobody waits by it.
final class ManualClock: Sendable {
    private let elapsed = Mutex(Duration.seconds(1_000_000))

    var now: MonotonicInstant { MonotonicInstant(sinceBoot: elapsed.withLock { $0 }) }

    func advance(by duration: Duration) { elapsed.withLock { $0 += duration } }

    var source: TimeSource {
        TimeSource(
            now: { self.now }, timestamp: { Timestamp(seconds: self.elapsed.withLock { $0.components.seconds }) },
            sleep: { self.advance(by: $0) })
    }
}
