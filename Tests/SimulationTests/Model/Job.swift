import IPAMCore
import IPAMEngine

/// A process of the engine that serves the riders of a job, in their order.
protocol JobProcess: Sendable {
    mutating func begin() -> EngineStep<[Result<BatchOutcome, AllocationError>]>
    mutating func resume(_ answer: StoreAnswer) -> EngineStep<[Result<BatchOutcome, AllocationError>]>
    mutating func withdraw(_ position: Int, because error: AllocationError)
    /// Who is being decided; `nil` while the question concerns several.
    var present: Int? { get }
}

extension BatchProcess: JobProcess {}

/// One request on its way: of a runtime, of the administrator, or of a probe.
struct Rider {
    enum Errand {
        case add(ClaimRequest)
        case delete
        /// The administrator ends a claim that nobody runs with.
        case reclaim(Claim)
        /// A probe saw somebody else use an address.
        case quarantine(IPAddress)

        var isDelete: Bool { if case .delete = self { true } else { false } }
    }

    /// What the store said about the room in a pool.
    struct Room {
        let pool: String
        let freshness: Block.Freshness
        let isThere: Bool
    }

    let number: Int
    /// Whose request it is; `nil` when it is nobody's.
    let workload: Int?
    let generation: Int
    let errand: Errand
    let identity: Claim.Identity
    let attachment: Claim.Attachment
    /// How many restores there had been at the start.
    let restores: Int
    /// What was answered since everything was looked at for the last time.
    var rooms: [Room] = []
    var hasWritten = false
    /// Whether nobody waits for the outcome any more.
    var isAbandoned = false
    /// Whether it was given up while its write was under way.
    var isHeld = false
    /// Whether it was given up in time: then nothing of it may be written.
    var isDead = false
    /// What the identity owned at the start and still owns, if it must be told again.
    var expected: [IPAddress] = []

    /// What an ADD asks for.
    var request: ClaimRequest? { if case .add(let request) = errand { request } else { nil } }

    var isDelete: Bool { errand.isDelete }

    func quarantines(_ address: IPAddress) -> Bool { if case .quarantine(address) = errand { true } else { false } }
}

/// One or several requests on their way through an agent, in one process.
struct Job {
    enum Mail {
        /// Others of the same agent may still join.
        case waiting
        /// On its way to the store.
        case question(StoreQuestion)
        /// On its way back.
        case answer(StoreAnswer)
    }

    let agent: Int
    var riders: [Rider]
    var process: any JobProcess = BatchProcess([])
    var mail = Mail.waiting

    /// What the write that is being looked at picked.
    var picked: [Claim] = []

    var isWaiting: Bool { if case .waiting = mail { true } else { false } }

    /// Whether a write is on its way, or its success.
    var isWriting: Bool {
        switch mail {
        case .question(.write), .answer(.written): true
        default: false
        }
    }

    /// Those who look for what they own begin to look at everything.
    mutating func look(for searches: [OwnerSearch]) {
        for index in riders.indices where riders[index].request != nil {
            let identity = riders[index].identity
            if searches.contains(where: { $0.uid == identity.uid && $0.interface == identity.interface }) {
                riders[index].rooms = []
            }
        }
    }

    /// Numbers of the requests, for the story.
    var name: String { riders.map { "#\($0.number)" }.joined(separator: "+") }
}

/// A write on its way whose agent died.
struct OrphanedWrite {
    let job: Job
    let blocks: [StoredBlock]
}
