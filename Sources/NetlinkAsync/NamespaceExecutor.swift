internal import NetlinkKit
internal import Synchronization

/// Runs jobs one after the other on a thread that lives in a network namespace for good.
final class NamespaceExecutor: SerialExecutor {
    private let queue = Mutex(Queue())
    private let wake: EventDescriptor

    init() throws(NetlinkError) { wake = try EventDescriptor() }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isFirst = queue.withLock { queue in
            queue.jobs.append(job)
            return queue.jobs.count == 1
        }
        // For the others the thread has been woken already.
        if isFirst { wake.signal() }
    }

    /// Runs jobs on the calling thread until the executor was ended and no job is left.
    func run() {
        while true {
            switch queue.withLock({ $0.next() }) {
            case .run(let jobs):
                for job in jobs { unsafe job.runSynchronously(on: asUnownedSerialExecutor()) }
            case .wait: wake.wait()
            case .end: return
            }
        }
    }

    /// Lets ``run()`` return as soon as no job is left.
    func end() {
        queue.withLock { $0.isEnded = true }
        wake.signal()
    }

    private struct Queue {
        var jobs: [UnownedJob] = []
        var isEnded = false

        mutating func next() -> Step {
            guard jobs.isEmpty else {
                defer { jobs = [] }
                return .run(jobs)
            }
            return isEnded ? .end : .wait
        }
    }

    private enum Step {
        case run([UnownedJob])
        case wait
        case end
    }
}
