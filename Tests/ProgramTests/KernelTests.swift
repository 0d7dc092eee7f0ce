import Glibc
import JSONTree
import Testing

/// Debian's main plugins with ours behind them, on the real kernel. Everything happens in namespaces of its own.
@Suite(.serialized) struct KernelTests {
    /// A node and its containers, each a network namespace that is removed with the value.
    final class Lab {
        let host: Host
        private let prefix = "sptest\(getpid())"
        private var names: [String] = []

        init(_ host: Host) throws {
            self.host = host
            try #require(geteuid() == 0, "network namespaces need root")
            mkdir(host.folder.path("cni"), 0o700)
            for plugin in ["macvlan", "bridge"] {
                symlink("/usr/lib/cni/\(plugin)", host.folder.path("cni/\(plugin)"))
            }
            symlink(Program.ipam, host.folder.path("cni/spiderpool"))
            try make("node")
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

        /// What a runtime on the node does.
        func cni(_ command: String, _ configuration: JSONValue, container: String) throws -> Outcome {
            try startCNI(command, configuration, container: container).wait()
        }

        /// The same, not waited for.
        func startCNI(_ command: String, _ configuration: JSONValue, container: String) throws -> RunningProgram {
            let type = configuration["type"]?.stringValue ?? ""
            return try RunningProgram(
                ["ip", "netns", "exec", prefix + "node", host.folder.path("cni/\(type)")],
                environment: [
                    "CNI_COMMAND": command, "CNI_CONTAINERID": container, "CNI_IFNAME": "eth0",
                    "CNI_NETNS": "/run/netns/\(prefix)\(container)", "CNI_PATH": host.folder.path("cni"),
                ], input: configuration.text(), in: host.folder)
        }

        /// The addresses of `eth0` but for the link-local one, as `address/length`.
        func addresses(_ container: String) throws -> [String] {
            let links = try JSONValue(parsing: try inside(container, "ip", "-j", "address", "show", "dev", "eth0"))
            return (links.arrayValue?.first?["addr_info"]?.arrayValue ?? []).filter { $0["scope"] == "global" }.map {
                "\($0["local"]?.stringValue ?? "?")/\($0["prefixlen"]?.int64Value ?? -1)"
            }
        }
    }

    static let lists: JSONObject = ["default_ipv4_ippool": ["a"], "default_ipv6_ippool": ["a6"]]

    @Test func macvlanGivesExactlyTheClaimedAddresses() throws {
        let host = try Host()
        let lab = try Lab(host)
        try lab.inside("node", "ip", "link", "add", "uplink", "type", "veth", "peer", "name", "wire")
        try lab.inside("node", "ip", "link", "set", "uplink", "up")
        try lab.inside("node", "ip", "link", "set", "wire", "up")
        try lab.make("one")
        let configuration = host.configuration(Self.lists, more: ["master": "uplink", "mode": "bridge"])
        let added = try lab.cni("ADD", configuration, container: "one")
        #expect(added.status == 0, "\(added.refusal)")
        #expect(try lab.addresses("one") == ["10.6.168.101/16", "fd00:6::100/64"])
        let routes = try JSONValue(parsing: try lab.inside("one", "ip", "-j", "route")).arrayValue ?? []
        #expect(routes.contains { $0["dst"] == "default" && $0["gateway"] == "10.6.0.1" })
        #expect(routes.contains { $0["dst"] == "172.20.0.0/16" && $0["gateway"] == "10.6.0.254" })
        var checked = configuration.objectValue ?? [:]
        checked["prevResult"] = added.document
        let check = try lab.cni("CHECK", .object(checked), container: "one")
        #expect(check.status == 0, "\(check.refusal)")
        #expect(try lab.cni("DEL", configuration, container: "one").status == 0)
        #expect(try host.claims() == [])
        #expect(try !lab.inside("one", "ip", "-brief", "link").contains("eth0"))
    }

    @Test func containersOnABridgeReachEachOther() throws {
        let host = try Host()
        let lab = try Lab(host)
        var configuration = host.configuration(Self.lists, more: ["bridge": "rack0"]).objectValue ?? [:]
        configuration["type"] = "bridge"
        for container in ["one", "two"] {
            try lab.make(container)
            let added = try lab.cni("ADD", .object(configuration), container: container)
            #expect(added.status == 0, "\(added.refusal)")
        }
        #expect(try lab.addresses("two") == ["10.6.168.102/16", "fd00:6::101/64"])
        for address in ["10.6.168.102", "fd00:6::101"] {
            try lab.inside("one", "ping", "-q", "-c", "1", "-W", "5", address)
        }
        for container in ["one", "two"] {
            #expect(try lab.cni("DEL", .object(configuration), container: container).status == 0)
        }
        #expect(try host.claims() == [])
    }

    @Test func aRefusalIsPassedOnAndLeavesNoInterface() throws {
        let host = try Host()
        let lab = try Lab(host)
        try lab.make("one")
        var configuration =
            host.configuration(["default_ipv4_ippool": ["nope"]], more: ["bridge": "rack0"]).objectValue ?? [:]
        configuration["type"] = "bridge"
        let refused = try lab.cni("ADD", .object(configuration), container: "one")
        #expect(refused.status == 1)
        #expect(refused.output.contains("no such IPPool nope"))
        #expect(try host.claims() == [])
    }

    /// As when a host comes up, or goes down, with all it runs.
    @Test(arguments: ["macvlan", "bridge"]) func sixtyFourContainersAtOnce(type: String) throws {
        let host = try Host(
            """
            apiVersion: spiderpool.spidernet.io/v2beta1
            kind: SpiderIPPool
            metadata: {name: a}
            spec: {subnet: 10.6.0.0/16, ips: [10.6.0.50-10.6.0.113]}
            ---
            apiVersion: spiderpool.spidernet.io/v2beta1
            kind: SpiderIPPool
            metadata: {name: a6}
            spec: {subnet: "fd00:6::/64", ips: ["fd00:6::50-fd00:6::8f"]}
            """)
        let lab = try Lab(host)
        try lab.inside("node", "ip", "link", "add", "uplink", "type", "veth", "peer", "name", "wire")
        try lab.inside("node", "ip", "link", "set", "uplink", "up")
        try lab.inside("node", "ip", "link", "set", "wire", "up")
        var configuration =
            host.configuration(Self.lists, more: ["master": "uplink", "mode": "bridge", "bridge": "rack0"])
            .objectValue ?? [:]
        configuration["type"] = .string(type)
        let containers = (1...64).map { "c\($0)" }
        for container in containers { try lab.make(container) }

        let added = try containers.map { try lab.startCNI("ADD", .object(configuration), container: $0) }
            .map { $0.wait() }
        for outcome in added { #expect(outcome.status == 0, "\(outcome.refusal)") }
        let told = zip(containers, added).flatMap { container, outcome in
            (outcome.document?["ips"]?.arrayValue ?? []).map { ip in
                "\(ip["address"]?.stringValue?.prefix { $0 != "/" } ?? "?") eth0 \(container)"
            }
        }
        #expect(told.count == 128)
        #expect(try host.claims().sorted() == told.sorted(), "every address has the one owner who was told so")

        let deleted = try containers.map { try lab.startCNI("DEL", .object(configuration), container: $0) }
            .map { $0.wait() }
        for outcome in deleted { #expect(outcome.status == 0, "\(outcome.refusal)") }
        #expect(try host.claims() == [])
    }
}
