import IPAMCore
import IPAMEngine

/// One Pod name over time: its sandboxes, and what they were told.
struct ClusterWorkload {
    enum Phase {
        case idle, starting, running
    }

    let name: String
    /// A StatefulSet's Pod: one identity for all sandboxes, on whatever node.
    let isFixed: Bool
    let demands: [(family: AddressFamily, pools: [Int])]
    var agent: Int
    var phase = Phase.idle
    /// Rises with each sandbox; of a Pod that is no StatefulSet's each one is a Pod of its own.
    var generation = 0
    var told: [IPAddress] = []
    /// What the SpiderEndpoint says.
    var endpoint: [IPAddress] = []
    /// Whether the blocks must know what was told: not after a restore, until it is repaired.
    var isSettled = false
    /// Somebody else was given an address after a restore, and it was reported.
    var isReported = false
    /// Whether a write of a dead agent may land late.
    var isTainted = false
    /// Whether an agent died over a request of this sandbox, or a backup brought back what such a request had written in
    /// part: the DEL frees it.
    var isTorn = false
    /// Sandboxes that no DEL was confirmed for, with their agents.
    var owed: [(generation: Int, agent: Int)] = []
    var isRefused = false

    func container(_ generation: Int) -> String { "\(name)-\(generation)" }

    func identity(_ generation: Int) -> Claim.Identity {
        Claim.Identity(uid: isFixed ? "StatefulSet/shop/\(name)" : container(generation), interface: "eth0")
    }

    func attachment(_ generation: Int) -> Claim.Attachment {
        Claim.Attachment(containerID: container(generation), interface: "eth0")
    }

    func request(_ configuration: Configuration, node: String, now: Timestamp) -> ClaimRequest {
        ClaimRequest(
            owner: Claim.Owner(namespace: "shop", name: name, uid: identity(generation).uid), interface: "eth0",
            containerID: container(generation), network: "rack", node: node, now: now,
            demands: demands.map { demand in
                FamilyDemand(family: demand.family, candidates: demand.pools.map { configuration.candidates[$0] })
            },
            isFixed: isFixed, declaredAddresses: configuration.declaredAddresses)
    }
}

/// One request of a runtime or an agent.
struct ClusterRider {
    enum Errand {
        case add, delete, repair, quarantine
    }

    let errand: Errand
    let workload: Int
    let generation: Int
    let agent: Int
    let step: Int
    let restores: Int
    /// What must be told again.
    let expected: [IPAddress]
    /// The blocks that are read first.
    let hints: [BlockKey]
}
