import CNITypes
import IPAMCore
import JSONTree
import Synchronization
import TestSupport

@testable import IPAMPlugin

/// The plugin in cluster mode in this process, with an agent of the test.
final class ClusterRun {
    let server: AgentServer
    /// Keys of the `ipam` section beside those that every run has.
    var keys: JSONObject = [:]
    var wireProbe = WireProbe.none
    var arguments = "IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web-0;K8S_POD_UID=5b0e"

    /// Starts an agent that answers the first line of a request; what it has no answer for, it answers with 404.
    init(_ answer: @escaping @Sendable (_ line: String, _ count: Int) -> (status: String, body: String)?) throws {
        let count = Mutex(0)
        server = try AgentServer { request in
            let line = request.prefix { $0 != "\r\n" }.split(separator: " ").prefix(2).joined(separator: " ")
            let number = count.withLock { count in
                defer { count += 1 }
                return count
            }
            let (status, body) = answer(line, number) ?? ("404 Not Found", "\"no such path\"")
            return [.send(Self.reply(status, body))]
        }
    }

    deinit { server.stop() }

    static func reply(_ status: String, _ body: String) -> [UInt8] {
        Array("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
    }

    /// The requests without what is the same in all: `POST /v1/ipam/ip {…}`.
    var asked: [String] {
        server.requests.map { request in
            let parts = request.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
            let line = parts[0].prefix { $0 != "\r\n" }.split(separator: " ").prefix(2).joined(separator: " ")
            return parts.count == 2 && !parts[1].isEmpty ? "\(line) \(parts[1])" : line
        }
    }

    /// Runs the plugin: the error's code, or 0, and what was printed.
    func run(_ command: String, with more: JSONObject = [:]) -> (code: Int64?, answer: JSONValue?) {
        var ipam: JSONObject = [
            "type": "spiderpool", "ipam_unix_socket_path": .string(server.path),
            "log_file_path": .string(server.path + ".log"),
        ]
        for member in keys.members { ipam[member.key] = member.value }
        var document: JSONObject = [
            "cniVersion": "1.1.0", "name": "rack", "type": "macvlan", "ipam": .object(ipam),
        ]
        for member in more.members { document[member.key] = member.value }
        let input = JSONValue.object(document).utf8()
        var output: [UInt8] = []
        let host = CNIHost(
            environment: [
                "CNI_COMMAND": command, "CNI_CONTAINERID": "c0ffee", "CNI_IFNAME": "eth0", "CNI_NETNS": "/ns",
                "CNI_ARGS": arguments,
            ],
            readInput: { _ throws(CNIError) in input },
            writeOutput: {
                output += $0
                return true
            },
            writeDiagnostics: { _ in }, namespaceKind: { _ in .other })
        let plugin = IPAMPlugin(
            hostSettingsPath: "/nowhere/host.json", defaultSocketPath: "/nowhere/agent.sock", wireProbe: wireProbe)
        let status = CNIPluginMain.run(plugin, in: host)
        let answer = try? JSONValue(parsing: output.span)
        return (status == 0 ? 0 : answer?["code"]?.int64Value, answer)
    }

    /// What an error says: `102 message; details`.
    static func refusal(_ run: (code: Int64?, answer: JSONValue?)) -> String {
        "\(run.code ?? -1) \(run.answer?["msg"]?.stringValue ?? ""); \(run.answer?["details"]?.stringValue ?? "")"
    }
}
