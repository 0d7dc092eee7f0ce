internal import IPAMCore
internal import JSONTree
internal import NIOHTTP1

/// From a request on the plugins' socket to the service, and back.
struct AgentRouter: Sendable {
    let service: any AgentService

    /// The paths and what may be done with them.
    private static let methods: [String: [HTTPMethod]] = [
        "/v1/ipam/healthy": [.GET], "/v1/ipam/ip": [.POST, .DELETE, .GET], "/v1/ipam/ips": [.POST, .DELETE],
        "/v1/ipam/gc": [.POST], "/v1/workloadendpoint": [.GET], "/v1/coordinator/config": [.GET],
    ]

    func reply(to request: HTTPRequest) async -> HTTPReply {
        do throws(AgentRefusal) {
            return try await serve(request)
        } catch {
            return HTTPReply(error)
        }
    }

    private func serve(_ request: HTTPRequest) async throws(AgentRefusal) -> HTTPReply {
        let deadline = request.deadline
        switch (request.method, request.path) {
        case (.GET, "/v1/ipam/healthy"):
            try await service.checkHealth()
            return HTTPReply()
        case (.POST, "/v1/ipam/ip"):
            let arguments = try read(request) { reader throws(JSONFieldError) in try AddArguments(reader) }
            return HTTPReply(try await service.allocate(arguments, deadline: deadline).json)
        case (.DELETE, "/v1/ipam/ip"):
            let arguments = try read(request) { reader throws(JSONFieldError) in try AttachmentArguments(reader) }
            try await service.release(arguments, deadline: deadline)
            return HTTPReply()
        case (.GET, "/v1/ipam/ip"):
            let arguments = try read(request) { reader throws(JSONFieldError) in try CheckArguments(reader) }
            return HTTPReply(try await service.check(arguments, deadline: deadline).json)
        case (.POST, "/v1/ipam/ips"):
            // Reserved by the reference, which does nothing either.
            return HTTPReply()
        case (.DELETE, "/v1/ipam/ips"):
            let arguments = try read(request) { reader throws(JSONFieldError) in try GiveUpArguments(reader) }
            try await service.giveUp(arguments, deadline: deadline)
            return HTTPReply()
        case (.POST, "/v1/ipam/gc"):
            let arguments = try read(request) { reader throws(JSONFieldError) in try GarbageArguments(reader) }
            return HTTPReply(try await service.collectGarbage(arguments, deadline: deadline).json)
        case (.GET, "/v1/workloadendpoint"):
            let pod = PodName(
                namespace: try parameter("podNamespace", of: request), name: try parameter("podName", of: request))
            return HTTPReply(.object(try await service.endpoint(pod, deadline: deadline)))
        case (.GET, "/v1/coordinator/config"):
            let pod = try read(request) { reader throws(JSONFieldError) in
                PodName(
                    namespace: try reader.string(at: "podNamespace") ?? "", name: try reader.string(at: "podName") ?? ""
                )
            }
            return HTTPReply(.object(try await service.coordinatorConfig(pod, deadline: deadline).json))
        default:
            throw Self.refusal(of: request, Self.methods, elsewhere: "the health port")
        }
    }

    private func read<Value>(
        _ request: HTTPRequest, _ body: (JSONFieldReader) throws(JSONFieldError) -> Value
    ) throws(AgentRefusal) -> Value {
        let reader = try request.reader()
        do throws(JSONFieldError) { return try body(reader) } catch { throw AgentRefusal(error) }
    }

    private func parameter(_ name: String, of request: HTTPRequest) throws(AgentRefusal) -> String {
        guard let value = request.query[name], !value.isEmpty else {
            throw .flaw(400, code: 602, "\(name) in query is required")
        }
        return value
    }

    /// Why a path or method is not served here.
    static func refusal(
        of request: HTTPRequest, _ methods: [String: [HTTPMethod]], elsewhere: String
    ) -> AgentRefusal {
        if let allowed = methods[request.path] {
            let names = allowed.map(\.rawValue).joined(separator: ",")
            return .flaw(405, code: 405, "method \(request.method.rawValue) is not allowed, but [\(names)] are")
        }
        if request.path.hasPrefix("/v1/runtime/") || request.path.hasPrefix("/v1/ipam/") {
            return .flaw(501, code: 501, "\(request.path) is not served here, but perhaps on \(elsewhere)")
        }
        return .flaw(404, code: 404, "path \(request.path) was not found")
    }
}
