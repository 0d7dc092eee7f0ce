public import IPAMCore
public import JSONTree

/// What the agent does for the plugins of its node; ``APIServer`` makes it available over HTTP.
///
/// Every call comes with the moment at which its caller gives up, and is cancelled when the caller has left before.
public protocol AgentService: Sendable {
    /// Whether the agent would serve an ADD now.
    ///
    /// - Throws: ``AgentRefusal`` with what is missing.
    func checkHealth() async throws(AgentRefusal)

    /// ADD: `POST /v1/ipam/ip`.
    func allocate(_ arguments: AddArguments, deadline: MonotonicInstant) async throws(AgentRefusal) -> AddReply

    /// DEL: `DELETE /v1/ipam/ip`.
    func release(_ arguments: AttachmentArguments, deadline: MonotonicInstant) async throws(AgentRefusal)

    /// A conflict, or an ADD that is given up: `DELETE /v1/ipam/ips`.
    func giveUp(_ arguments: GiveUpArguments, deadline: MonotonicInstant) async throws(AgentRefusal)

    /// CHECK: `GET /v1/ipam/ip`.
    func check(_ arguments: CheckArguments, deadline: MonotonicInstant) async throws(AgentRefusal) -> CheckReply

    /// GC: `POST /v1/ipam/gc`.
    func collectGarbage(
        _ arguments: GarbageArguments, deadline: MonotonicInstant
    ) async throws(AgentRefusal) -> GarbageReply

    /// What is recorded about a Pod: `GET /v1/workloadendpoint`.
    ///
    /// - Returns: `WorkloadEndpointStatus`.
    func endpoint(_ pod: PodName, deadline: MonotonicInstant) async throws(AgentRefusal) -> JSONObject

    /// How a Pod's interfaces are coordinated: `GET /v1/coordinator/config`.
    func coordinatorConfig(_ pod: PodName, deadline: MonotonicInstant) async throws(AgentRefusal) -> CoordinatorConfig
}

/// A Pod by name.
public struct PodName: Sendable, Hashable {
    /// Its namespace.
    public var namespace: String
    /// Its name.
    public var name: String

    /// Names a Pod.
    public init(namespace: String, name: String) {
        self.namespace = namespace
        self.name = name
    }
}

extension PodName: CustomStringConvertible {
    /// `namespace/name`.
    public var description: String { "\(namespace)/\(name)" }
}
