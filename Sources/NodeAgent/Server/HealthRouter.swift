internal import NIOHTTP1

/// The probes of kubelet, on the health port.
///
/// The agent is one process with one state, so nobody has to dial the socket to know what its health is.
struct HealthRouter: Sendable {
    let service: any AgentService

    private static let methods: [String: [HTTPMethod]] = [
        "/v1/runtime/startup": [.GET], "/v1/runtime/readiness": [.GET], "/v1/runtime/liveness": [.GET],
    ]

    func reply(to request: HTTPRequest) async -> HTTPReply {
        guard Self.methods[request.path]?.contains(request.method) == true else {
            return HTTPReply(AgentRouter.refusal(of: request, Self.methods, elsewhere: "the unix socket"))
        }
        // Who answers has started and lives: a restart brings back no API server that is away.
        guard request.path == "/v1/runtime/readiness" else { return HTTPReply() }
        do throws(AgentRefusal) {
            try await service.checkHealth()
            return HTTPReply()
        } catch {
            return HTTPReply(error)
        }
    }
}
