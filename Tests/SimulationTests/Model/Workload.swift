import IPAMCore
import IPAMEngine

/// One interface of one workload as its runtime sees it: the reference that the store is held against.
struct Workload {
    enum Phase {
        /// Not there; everything of it was torn down.
        case idle
        /// ADD was asked for, and no address was told yet.
        case starting
        /// Runs with the addresses that it was told.
        case running
        /// Its processes ended; DEL must be repeated until it is answered.
        case stopping
    }

    let name: String
    let interface: String
    let agent: Int
    /// Whether each sandbox is a workload of its own, as without Kubernetes.
    let isPlain: Bool
    /// The pools of each wanted family.
    let demands: [(family: AddressFamily, pools: [Int])]
    /// How many of the families are needed.
    var policy = FamilyPolicy.all
    /// Whether the addresses are kept when a sandbox ends.
    var isFixed = false
    /// The one address that will do for the first family.
    var wanted: IPAddress?

    var phase = Phase.idle
    /// Rises with each sandbox.
    var generation = 0
    /// What the running sandbox was told, in the order of the demands.
    var told: [IPAddress] = []
    /// Whether the store must know what was told: not after a restore, and not while an address that left its pool is
    /// replaced, until the next ADD.
    var isSettled = false
    /// Whether the last ADD was refused.
    var isRefused = false
    /// Sandboxes that no DEL was confirmed for.
    var owed: [Int] = []
    /// Whether a write of a crashed agent landed late, so that the identity may own more than it was told.
    var isTainted = false

    func container(_ generation: Int) -> String { "\(name)-\(generation)" }

    func identity(_ generation: Int) -> Claim.Identity {
        Claim.Identity(uid: isPlain ? container(generation) : name, interface: interface)
    }

    func attachment(_ generation: Int) -> Claim.Attachment {
        Claim.Attachment(containerID: container(generation), interface: interface)
    }

    func request(_ configuration: Configuration, now: Timestamp) -> ClaimRequest {
        ClaimRequest(
            owner: Claim.Owner(namespace: "shop", name: name, uid: identity(generation).uid), interface: interface,
            containerID: container(generation), network: "rack", node: "node-\(agent)", now: now,
            demands: demands.map { demand in
                FamilyDemand(
                    family: demand.family, candidates: demand.pools.map { configuration.candidates[$0] },
                    wanted: wanted?.family == demand.family ? wanted : nil)
            },
            policy: policy, isFixed: isFixed, declaredAddresses: configuration.declaredAddresses)
    }
}

/// A node's agent: what it believes about the time, the pools, and the blocks.
struct Agent {
    /// Milliseconds that its clock is ahead.
    var clockOffset: Int64 = 0
    var configuration: Configuration
    /// The oldest version of each block that it may still be answered with: its own writes are seen.
    var seen: [UInt64]
}
