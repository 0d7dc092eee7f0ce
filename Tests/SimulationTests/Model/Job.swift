import IPAMCore
import IPAMEngine

/// A process of the engine whose outcome is claims: those got, or those ended.
protocol RequestProcess: EngineProcess where Outcome == [Claim] {}

extension ClaimProcess: RequestProcess {}
extension ReleaseProcess: RequestProcess {}

/// One request on its way through an agent.
struct Job {
    enum Mail {
        /// On its way to the store.
        case question(StoreQuestion)
        /// On its way back.
        case answer(StoreAnswer)
    }

    /// What the store said about the room in a pool.
    struct Room {
        let pool: String
        let freshness: Block.Freshness
        let isThere: Bool
    }

    let number: Int
    let workload: Int
    let generation: Int
    /// What an ADD asks for; `nil` for a DEL.
    let request: ClaimRequest?
    let identity: Claim.Identity
    let attachment: Claim.Attachment
    /// How many restores there had been at the start.
    let restores: Int
    var process: any RequestProcess
    var mail: Mail
    /// What was answered since everything was looked at for the last time.
    var rooms: [Room] = []
    var hasWritten = false
    /// Whether nobody waits for the outcome any more.
    var isAbandoned = false
    /// What the identity owned at the start and still owns, if it must be told again.
    var expected: [IPAddress] = []
}

/// A write on its way whose agent died.
struct OrphanedWrite {
    let job: Job
    let blocks: [StoredBlock]
}
