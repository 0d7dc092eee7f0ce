import Glibc
import JSONTree
import Testing

/// A node, a wire with a neighbour on it, and containers on the wire; all in namespaces of their own.
///
/// The neighbour is a bridge that all containers are plugged into, with whatever addresses a test gives it.
final class DetectionNetwork {
    static let neighbor = "0a:00:00:00:00:01"

    let host: Host
    private let prefix: String
    private var names: [String] = []

    init(_ host: Host) throws {
        self.host = host
        prefix = "spdet\(getpid())-\(UInt16.random(in: 0 ... .max))-"
        try #require(geteuid() == 0, "network namespaces need root")
        for name in ["node", "wire"] { try make(name) }
        try inside("wire", "ip", "link", "add", "rack", "address", Self.neighbor, "type", "bridge")
        try inside("wire", "ip", "link", "set", "rack", "up")
        mkdir(host.folder.path("cni"), 0o700)
        symlink("/usr/lib/cni/macvlan", host.folder.path("cni/macvlan"))
        symlink(Program.ipam, host.folder.path("cni/spiderpool"))
    }

    deinit {
        for name in names { _ = try? Program.system("ip", "netns", "delete", name, in: host.folder) }
    }

    func make(_ name: String) throws {
        try Program.system("ip", "netns", "add", prefix + name, in: host.folder)
        names.append(prefix + name)
        try inside(name, "ip", "link", "set", "lo", "up")
    }

    @discardableResult
    func inside(_ name: String, _ arguments: String...) throws -> String {
        let all = ["ip", "netns", "exec", prefix + name] + arguments
        let outcome = try RunningProgram(all, in: host.folder).wait()
        try #require(outcome.status == 0, "\(arguments): \(outcome.output)\(outcome.diagnostics)")
        return outcome.output
    }

    /// Gives the neighbour an address, which it has at once.
    func occupy(_ addresses: String...) throws {
        for address in addresses {
            let isIPv6 = address.contains(":")
            let text = address + (isIPv6 ? "/64" : "/16")
            if isIPv6 {
                try inside("wire", "ip", "address", "add", text, "dev", "rack", "nodad")
            } else {
                try inside("wire", "ip", "address", "add", text, "dev", "rack")
            }
        }
    }

    /// Plugs a link of some namespace into the wire; it is down, as a main plugin has just made it.
    func plug(_ name: String, _ link: String = "eth0") throws {
        let port = "p\(names.count)"
        try inside(
            "wire", "ip", "link", "add", port, "type", "veth", "peer", "name", link, "netns", prefix + name)
        try inside("wire", "ip", "link", "set", port, "master", "rack", "up")
    }

    /// A container with `eth0` on the wire.
    func pod(_ name: String) throws {
        try make(name)
        try plug(name)
    }

    /// Takes the cable out of the last container.
    func unplug() throws { try inside("wire", "ip", "link", "set", "p\(names.count)", "down") }

    /// What a main plugin on the node does, or, for `ipam`, what it asks.
    func call(_ command: String, _ configuration: JSONValue, _ pod: String, program: String = "spiderpool") throws
        -> Outcome
    {
        try RunningProgram(
            ["ip", "netns", "exec", prefix + "node", host.folder.path("cni/\(program)")],
            environment: [
                "CNI_COMMAND": command, "CNI_CONTAINERID": pod, "CNI_IFNAME": "eth0",
                "CNI_NETNS": "/run/netns/\(prefix)\(pod)", "CNI_PATH": host.folder.path("cni"),
            ], input: configuration.text(), in: host.folder
        ).wait()
    }

    /// The addresses of an ADD; a refusal fails the test.
    func add(_ configuration: JSONValue, _ pod: String) throws -> [String] {
        let outcome = try call("ADD", configuration, pod)
        try #require(outcome.status == 0, "\(outcome.refusal)")
        return (outcome.document?["ips"]?.arrayValue ?? []).compactMap { $0["address"]?.stringValue }
    }

    /// What is in quarantine, as `address mac`.
    func quarantined() throws -> [String] {
        let outcome = try host.control("claims", "-o", "json")
        return (outcome.document?["quarantined"]?.arrayValue ?? []).map {
            "\($0["address"]?.stringValue ?? "?") \($0["mac"]?.stringValue ?? "?")"
        }
    }
}
