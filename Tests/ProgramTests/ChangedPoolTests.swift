import JSONTree
import Testing

/// What a workload with a fixed address gets when its pools changed while it did not run.
@Suite struct ChangedPoolTests {
    static func named(_ host: Host, _ pools: JSONObject) -> JSONValue {
        var keys: JSONObject = ["identity": "db"]
        for member in pools.members { keys[member.key] = member.value }
        return host.configuration(keys)
    }

    /// The answer of `explain` for the next container of the workload, and of a real ADD; they must agree.
    static func restart(_ host: Host, _ configuration: JSONValue, container: String) throws -> [String] {
        let ipam = configuration["ipam"]
        var arguments = ["explain", "--network", "rack", "--identity", "db"]
        for family in ["ipv4", "ipv6"] {
            for pool in ipam?["default_\(family)_ippool"]?.arrayValue ?? [] {
                arguments += ["--\(family)-pool", pool.stringValue ?? ""]
            }
        }
        let explained = try host.control(arguments)
        let added = try host.run("ADD", configuration, container: container)
        #expect(explained.status == added.status)
        guard added.status == 0 else {
            let details = added.document?["details"]?.stringValue ?? "?"
            #expect(explained.output.contains("An ADD would be refused: \(details)\n"), "\(explained.output)")
            return []
        }
        let addresses = (added.document?["ips"]?.arrayValue ?? []).compactMap { $0["address"]?.stringValue }
        let plain = addresses.map { String($0.prefix { $0 != "/" }) }
        let promised = explained.lines(after: "An ADD would answer ").map { String($0.prefix { $0 != " " }) }
        #expect(promised == plain, "\(explained.output)")
        let log = host.folder.read("log/plugin.log")
        for reason in explained.lines(after: "An ADD would give up ") {
            let text = reason.split(separator: ": ", maxSplits: 1).last?.dropLast() ?? ""
            #expect(log.contains("\"reason\":\"\(text)\""), "\(reason) is not in \(log)")
        }
        return plain
    }

    @Test func aPoolThatIsNotNamedAnyMoreGetsItsAddressBack() throws {
        let host = try Host()
        #expect(try host.add(Self.named(host, ["default_ipv4_ippool": ["a"]]), container: "c1") == ["10.6.168.101/16"])
        #expect(try host.run("DEL", container: "c1").status == 0)
        let other = Self.named(host, ["default_ipv4_ippool": ["b"]])
        #expect(try Self.restart(host, other, container: "c2") == ["10.6.168.201"])
        #expect(try host.claims() == ["10.6.168.201 eth0 c2"])
        // The same container asks again: nothing changes, whatever the pools are now.
        #expect(
            try host.add(Self.named(host, ["default_ipv4_ippool": ["a"]]), container: "c2") == ["10.6.168.201/16"])
    }

    @Test("W-41: a pool that would not accept the workload any more", arguments: ["disable: true", "nodeName: [x]"])
    func aPoolThatRefusesLosesTheAddress(condition: String) throws {
        let host = try Host()
        let configuration = Self.named(host, ["default_ipv4_ippool": ["a", "b"]])
        #expect(try host.add(configuration, container: "c1") == ["10.6.168.101/16"])
        #expect(try host.run("DEL", configuration, container: "c1").status == 0)
        let changed = Host.pools.replacing("gateway: 10.6.0.1", with: "gateway: 10.6.0.1\n  \(condition)")
        #expect(try host.control("apply", "-f", "-", input: changed).status == 0)
        #expect(try Self.restart(host, configuration, container: "c2") == ["10.6.168.201"])
        #expect(try host.claims() == ["10.6.168.201 eth0 c2"])
    }

    @Test func withoutAnotherPoolItIsRefusedAndNothingIsLost() throws {
        let host = try Host()
        let configuration = Self.named(host, ["default_ipv4_ippool": ["a"]])
        #expect(try host.add(configuration, container: "c1") == ["10.6.168.101/16"])
        #expect(try host.run("DEL", configuration, container: "c1").status == 0)
        let disabled = Host.pools.replacing("gateway: 10.6.0.1", with: "gateway: 10.6.0.1\n  disable: true")
        #expect(try host.control("apply", "-f", "-", input: disabled).status == 0)
        #expect(try Self.restart(host, configuration, container: "c2") == [])
        #expect(try host.claims() == ["10.6.168.101 eth0 ?"])
        #expect(try host.control("apply", "-f", "-", input: Host.pools).status == 0)
        #expect(try Self.restart(host, configuration, container: "c3") == ["10.6.168.101"])
    }

    @Test func aReservedAddressIsReplacedAndGatewayAndRoutesFollowThePool() throws {
        let host = try Host()
        let configuration = Self.named(host, ["default_ipv4_ippool": ["a"]])
        #expect(try host.add(configuration, container: "c1") == ["10.6.168.101/16"])
        #expect(try host.run("DEL", configuration, container: "c1").status == 0)
        let changed = Host.pools.replacing("gateway: 10.6.0.1", with: "gateway: 10.6.0.2").replacing(
            "gw: 10.6.0.254", with: "gw: 10.6.0.253")
        #expect(try host.control("apply", "-f", "-", input: changed).status == 0)
        let again = try host.run("ADD", configuration, container: "c2")
        #expect(again.document?["ips"]?.arrayValue?.first?["address"] == "10.6.168.101/16")
        #expect(again.document?["ips"]?.arrayValue?.first?["gateway"] == "10.6.0.2")
        #expect(
            again.document?["routes"] == [
                ["dst": "172.20.0.0/16", "gw": "10.6.0.253"], ["dst": "0.0.0.0/0", "gw": "10.6.0.2"],
            ])
        #expect(try host.run("DEL", configuration, container: "c2").status == 0)
        let reservation = """
            apiVersion: spiderpool.spidernet.io/v2beta1
            kind: SpiderReservedIP
            metadata: {name: r}
            spec: {ips: [10.6.168.101]}
            """
        #expect(try host.control("apply", "-f", "-", input: reservation).status == 0)
        #expect(try Self.restart(host, configuration, container: "c3") == ["10.6.168.102"])
    }

    @Test func bothFamiliesOrNone() throws {
        let host = try Host()
        let both = Self.named(host, ["default_ipv4_ippool": ["a"], "default_ipv6_ippool": ["a6"]])
        #expect(try host.add(both, container: "c1") == ["10.6.168.101/16", "fd00:6::100/64"])
        #expect(try host.run("DEL", both, container: "c1").status == 0)
        let other = Self.named(host, ["default_ipv4_ippool": ["b"], "default_ipv6_ippool": ["a6"]])
        #expect(try Self.restart(host, other, container: "c2").first == "10.6.168.201")
        #expect(try host.claims().count == 2)
        #expect(try host.run("DEL", other, container: "c2").status == 0)
        // A pool that does not exist beside one that is kept: no half answer.
        let half = Self.named(host, ["default_ipv4_ippool": ["b"], "default_ipv6_ippool": ["gone"]])
        #expect(try Self.restart(host, half, container: "c3") == [])
        #expect(try host.claims().count == 2)
    }

    /// A host with a fixed workload of two interfaces, whose pools an annotation names.
    static func annotated(_ host: Host, _ pools: String) -> JSONValue {
        host.folder.write(
            """
            {"apiVersion": "spiderpool.spidernet.io/v2beta1", "kind": "WorkloadList",
             "workloads": [{"match": {"podName": "db"}, "identity": "db",
                            "annotations": {"ipam.spidernet.io/ippools": \(JSONValue.string(pools).text())}}]}
            """, to: "workloads.json")
        return host.configuration(["workloads": .string(host.folder.path("workloads.json"))])
    }

    static let pod = "K8S_POD_NAMESPACE=shop;K8S_POD_NAME=db;K8S_POD_UID=u"

    static func add(_ host: Host, _ configuration: JSONValue, _ container: String) throws -> [String] {
        var addresses: [String] = []
        for interface in ["eth0", "net1"] {
            addresses += try host.add(configuration, container: container, interface: interface, arguments: pod)
        }
        return addresses
    }

    static func stop(_ host: Host, _ configuration: JSONValue, _ container: String) throws {
        for interface in ["net1", "eth0"] {
            #expect(try host.run("DEL", configuration, container: container, interface: interface).status == 0)
        }
    }

    @Test("W-40: the pool of one interface changes, by name")
    func oneOfTwoInterfaces() throws {
        let host = try Host()
        let before = Self.annotated(
            host, #"[{"interface":"eth0","ipv4":["a"]},{"interface":"net1","ipv4":["a"]}]"#)
        #expect(try Self.add(host, before, "c1") == ["10.6.168.101/16", "10.6.168.102/16"])
        try Self.stop(host, before, "c1")
        let after = Self.annotated(
            host, #"[{"interface":"eth0","ipv4":["b"]},{"interface":"net1","ipv4":["a"]}]"#)
        #expect(try Self.add(host, after, "c2") == ["10.6.168.201/16", "10.6.168.102/16"])
        try Self.stop(host, after, "c2")
        #expect(try Self.add(host, after, "c3") == ["10.6.168.201/16", "10.6.168.102/16"])
        #expect(try host.claims() == ["10.6.168.102 net1 c3", "10.6.168.201 eth0 c3"])
    }

    @Test func whereItemsAreCountedAllChangeTogether() throws {
        let host = try Host()
        let before = Self.annotated(host, #"[{"ipv4":["a"]},{"ipv4":["a"]}]"#)
        #expect(try Self.add(host, before, "c1") == ["10.6.168.101/16", "10.6.168.102/16"])
        try Self.stop(host, before, "c1")
        let after = Self.annotated(host, #"[{"ipv4":["b"]},{"ipv4":["a"]}]"#)
        #expect(try Self.add(host, after, "c2") == ["10.6.168.201/16", "10.6.168.103/16"])
        // The first interface asks again while the second one is up: what is in use stays.
        #expect(try Self.add(host, before, "c2") == ["10.6.168.201/16", "10.6.168.103/16"])
        #expect(try host.claims() == ["10.6.168.103 net1 c2", "10.6.168.201 eth0 c2"])
    }
}
