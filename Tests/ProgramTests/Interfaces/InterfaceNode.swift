import Glibc
import JSONTree
import Testing

/// A node with its network cards, a namespace that ends with the value, and a runtime that calls `ifacer` on it.
final class InterfaceNode {
    let folder = TemporaryFolder()
    /// The namespace of the node.
    let name: String
    /// Namespaces beside it.
    private var others: [String] = []

    /// Makes a node; `setup` is a shell script that makes its links.
    init(_ setup: String = "") throws {
        try #require(geteuid() == 0, "network namespaces need root")
        name = "spif\(getpid())x\(folder.path.suffix(6))"
        try Program.system("ip", "netns", "add", name, in: folder)
        if !setup.isEmpty { try shell("ip link set lo up\n" + setup) }
    }

    deinit {
        for name in [name] + others { _ = try? Program.system("ip", "netns", "delete", name, in: folder) }
    }

    /// Another namespace, for a Pod or for what the node is connected to.
    func neighbour(_ suffix: String) throws -> String {
        let other = "\(name)\(suffix)"
        try Program.system("ip", "netns", "add", other, in: folder)
        others.append(other)
        return other
    }

    /// What a script prints, run on the node.
    @discardableResult
    func shell(_ script: String, in namespace: String? = nil) throws -> String {
        let outcome = try start(["sh", "-ec", script], in: namespace).wait()
        try #require(outcome.status == 0, "\(script): \(outcome.output)\(outcome.diagnostics)")
        return outcome.output
    }

    /// Starts a program on the node.
    func start(
        _ arguments: [String], environment: [String: String] = [:], input: String = "", in namespace: String? = nil
    ) throws -> RunningProgram {
        try RunningProgram(
            ["nsenter", "--net=/run/netns/\(namespace ?? name)"] + arguments, environment: environment, input: input,
            in: folder)
    }

    // MARK: The plugin

    /// A configuration; `keys` are the plugin's own, as JSON without the braces.
    func configuration(_ keys: String, version: String = "1.0.0") -> String {
        var members = [#""cniVersion": "\#(version)""#, #""name": "rack""#, #""type": "ifacer""#]
        if !keys.isEmpty { members.append(keys) }
        if !keys.contains("logOptions") {
            members.append(#""logOptions": {"logFile": "\#(folder.path("log/ifacer.log"))"}"#)
        }
        return "{\(members.joined(separator: ", "))}"
    }

    func begin(
        _ command: String, _ keys: String, version: String = "1.0.0", container: String = "box",
        _ wrap: ([String]) -> [String] = { $0 }
    ) throws -> RunningProgram {
        try start(
            wrap([Program.ifacer]), environment: Host.environment(command, container: container),
            input: configuration(keys, version: version))
    }

    func run(_ command: String, _ keys: String, version: String = "1.0.0") throws -> Outcome {
        try begin(command, keys, version: version).wait()
    }

    /// An ADD that has to succeed.
    @discardableResult
    func add(_ keys: String) throws -> Outcome {
        let outcome = try run("ADD", keys)
        try #require(outcome.status == 0, "\(keys): \(outcome.refusal)")
        return outcome
    }

    /// An ADD that has to be refused, and to change nothing; its words.
    func refusal(_ keys: String) throws -> String {
        let before = try picture()
        let outcome = try run("ADD", keys)
        #expect(outcome.status == 1, "\(keys)")
        #expect(try picture() == before, "\(keys): \(outcome.refusal)")
        return outcome.refusal
    }

    // MARK: The node

    /// Everything about the node's links, addresses and routes that somebody could notice; what the kernel settles by itself,
    /// a moment later, is left out.
    func picture() throws -> [String] {
        folder.write("link show\naddress show\nroute show table main\n", to: "picture")
        let text = try shell("ip -details -oneline -batch \(folder.path("picture")); ip -6 route show table main")
        let settling =
            /( (state|qdisc|mii_status|link_failure_count|active_slave|(valid|preferred)_lft|ad_[a-z_]*) [^ ]*| tentative|NO-CARRIER,|,LOWER_UP)/
        return text.split(separator: "\n").filter { !$0.contains("fe80") }.map { line in
            String(line.drop { $0.isNumber || ": ".contains($0) }.replacing(settling, with: ""))
        }.sorted()
    }

    /// A link as `ip -json -details link` describes it; `nil` when there is none.
    func link(_ name: String) throws -> JSONValue? {
        let outcome = try start(["ip", "-json", "-details", "link", "show", "dev", name]).wait()
        return outcome.document?.arrayValue?.first
    }

    /// What a link of some kind says of itself.
    func data(_ name: String) throws -> JSONValue? { try link(name)?["linkinfo"]?["info_data"] }

    func isUp(_ name: String) throws -> Bool {
        try link(name)?["flags"]?.arrayValue?.contains("UP") ?? false
    }
}
