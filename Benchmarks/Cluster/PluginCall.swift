import AsyncHTTPClient
import JSONTree
import NIOCore
import NIOHTTP1

/// What the plugin says to the agent, each time on a connection of its own.
struct PluginCall: Sendable {
    let agent: AgentProcess
    let pod: BenchPod

    /// The way to the agent; its connections are not kept, as a plugin's are not.
    static func client() -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 2000
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    private func request(_ method: String, _ path: String, _ body: JSONValue?) -> HTTPClientRequest {
        let host = agent.socket.replacing("/", with: "%2F")
        var request = HTTPClientRequest(url: "http+unix://\(host)\(path)")
        request.method = .RAW(value: method)
        request.headers.add(name: "Connection", value: "close")
        request.headers.add(name: "X-Request-Timeout-Ms", value: "100000")
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body.text()))
        }
        return request
    }

    private func send(
        _ method: String, _ path: String, _ body: JSONValue?, by client: HTTPClient
    ) async throws -> (status: Int, body: String) {
        let reply = try await client.execute(request(method, path, body), timeout: .seconds(100))
        let buffer = try await reply.body.collect(upTo: 1 << 20)
        return (Int(reply.status.code), String(buffer: buffer))
    }

    /// Whether the agent serves.
    func isHealthy(by client: HTTPClient) async -> Bool {
        (try? await send("GET", "/v1/ipam/healthy", nil, by: client).status) == 200
    }

    private var subject: JSONObject {
        [
            "containerID": .string(pod.container), "ifName": "eth0",
            "netNamespace": .string("/var/run/netns/\(pod.container)"),
            "podNamespace": .string(pod.namespace), "podName": .string(pod.name), "podUID": .string(pod.uid),
        ]
    }

    /// ADD: the addresses.
    func add(from pool: String, by client: HTTPClient) async throws -> [String] {
        var body = subject
        body["defaultIPv4IPPool"] = .array([.string(pool)])
        body["defaultIPv6IPPool"] = .array([])
        let reply = try await send("POST", "/v1/ipam/ip", .object(body), by: client)
        guard reply.status == 200 else { throw BenchError("ADD of \(pod.name): \(reply.status) \(reply.body)") }
        let ips = try JSONValue(parsing: Array(reply.body.utf8).span)["ips"]?.arrayValue ?? []
        return ips.compactMap { $0["address"]?.stringValue }
    }

    /// DEL.
    func delete(by client: HTTPClient) async throws {
        let reply = try await send("DELETE", "/v1/ipam/ip", .object(subject), by: client)
        guard reply.status == 200 else { throw BenchError("DEL of \(pod.name): \(reply.status) \(reply.body)") }
    }
}

/// A Pod of the benchmark.
struct BenchPod: Sendable {
    let namespace: String
    let name: String
    let uid: String
    let node: String
    var container: String { "c0ffee\(uid.filter { $0 != "-" })" }
}
