import JSONTree
import Testing

@Suite struct FixedAddressTests {
    @Test func aNamedWorkloadKeepsItsAddressOverContainers() throws {
        let host = try Host()
        let named = host.configuration(["default_ipv4_ippool": ["a"], "identity": "db"])
        let address = try host.add(named, container: "first")
        for number in 1...3 { _ = try host.add(container: "other-\(number)") }
        #expect(try host.run("DEL", named, container: "first").status == 0)
        let retained = try host.control("claims", String(address[0].prefix { $0 != "/" }), "-o", "json")
        #expect(retained.document?["claims"]?.arrayValue?.first?["state"] == "retained")
        #expect(retained.document?["claims"]?.arrayValue?.first?["name"] == "db")
        #expect(try host.run("ADD", container: "late").refusal.contains("4 usable addresses: 4 claimed"))
        let explained = try host.control("explain", "--ipv4-pool", "a", "--network", "rack", "--identity", "db")
        #expect(explained.output.contains("An ADD would answer 10.6.168.101 from a."), "\(explained.output)")
        #expect(try host.add(named, container: "second") == address)
        // The same name in another network is another workload.
        let elsewhere = host.configuration(["default_ipv4_ippool": ["b"], "identity": "db"], network: "other")
        #expect(try host.add(elsewhere, container: "third") == ["10.6.168.201/16"])
    }

    @Test func whatIsKeptCanBeReleasedButNotWhatIsUsed() throws {
        let host = try Host()
        let named = host.configuration(["default_ipv4_ippool": ["a"], "identity": "db"])
        _ = try host.add(named)
        let used = try host.control("release", "10.6.168.101")
        #expect(used.status == 1)
        #expect(used.diagnostics.contains("10.6.168.101 is used by container box of db"))
        #expect(try host.run("DEL", named).status == 0)
        #expect(try host.control("release", "10.6.168.101").output == "10.6.168.101 released, was retained for db\n")
        #expect(try host.claims() == [])
        #expect(try host.control("release", "10.6.168.101").status == 1)
        _ = try host.add()
        #expect(try host.control("release", "--force", "10.6.168.102").status == 0)
    }

    @Test func aRebootEndsPlainClaimsAndKeepsFixedOnes() throws {
        let host = try Host()
        let named = host.configuration(["default_ipv4_ippool": ["a"], "identity": "db"])
        _ = try host.add(container: "web")
        #expect(try host.add(named, container: "db") == ["10.6.168.102/16"])
        let other = try host.start("ADD", host.configuration(), container: "late", bootID: "another").wait()
        #expect(other.status == 0, "\(other.refusal)\(other.diagnostics)")
        #expect(try host.claims().sorted() == ["10.6.168.102 eth0 db", "10.6.168.103 eth0 late"])
        let again = try host.start("ADD", named, container: "db-again", bootID: "another").wait()
        #expect(again.document?["ips"]?.arrayValue?.first?["address"] == "10.6.168.102/16", "\(again.refusal)")
    }

    /// The three ways in which runtimes ask for an address.
    @Test(arguments: ["capability", "args", "environment"]) func oneParticularAddressIsGivenOrRefused(way: String)
        throws
    {
        let host = try Host()
        func ask(_ address: String, _ container: String) throws -> Outcome {
            switch way {
            case "capability":
                let more: JSONObject = ["runtimeConfig": ["ips": [.string("\(address)/16")]]]
                return try host.run("ADD", host.configuration(more: more), container: container)
            case "args":
                let more: JSONObject = ["args": ["cni": ["ips": [.string(address)]]]]
                return try host.run("ADD", host.configuration(more: more), container: container)
            default:
                return try host.run("ADD", container: container, arguments: "IP=\(address)")
            }
        }
        let given = try ask("10.6.168.103", "one")
        #expect(given.document?["ips"]?.arrayValue?.first?["address"] == "10.6.168.103/16")
        #expect(try ask("10.6.168.103", "one").output == given.output)
        #expect(
            try ask("10.6.168.103", "two").refusal
                == "102 spiderpool IP allocation error; requested IP address unavailable: IPv4: 10.6.168.103 belongs to one"
        )
        #expect(
            try ask("10.6.0.1", "two").refusal.contains("10.6.0.1 is not among the addresses that [a] may give out"))
        #expect(try ask("fd00:6::100", "two").refusal.contains("no IPv6 pool may give fd00:6::100"))
        #expect(try [7, 4].contains(ask("10.6.168", "two").document?["code"]?.int64Value ?? 0))
        #expect(try host.claims() == ["10.6.168.103 eth0 one"])
    }

    @Test func explainKnowsPoliciesAndRequestedAddresses() throws {
        let host = try Host()
        func explain(_ arguments: String...) throws -> [String] {
            let outcome = try host.control(["explain", "--ipv4-pool", "a", "--ipv6-pool", "a6"] + arguments)
            return outcome.lines(after: "An ADD would ")
        }
        #expect(try explain() == ["answer 10.6.168.101 from a.", "answer fd00:6::100 from a6."])
        #expect(try explain("--family-policy", "prefer_ipv6") == ["answer fd00:6::100 from a6."])
        #expect(
            try explain("--ip", "10.6.168.104", "--family-policy", "prefer_ipv4") == ["answer 10.6.168.104 from a."])
        let pools: JSONObject = ["default_ipv4_ippool": ["a"], "default_ipv6_ippool": ["a6"]]
        let asked = try host.run(
            "ADD", host.configuration(pools, more: ["runtimeConfig": ["ips": ["10.6.0.1/16"]]]))
        #expect(try explain("--ip", "10.6.0.1") == ["be refused: \(asked.document?["details"]?.stringValue ?? "")"])
        #expect(try host.control("explain", "--ip", "10.6.0.1", "--ip", "10.6.0.2").status == 64)
    }

    @Test func familyPoliciesHold() throws {
        let host = try Host()
        func ask(_ policy: String, _ container: String, v4: String = "a") throws -> [String] {
            try host.add(
                host.configuration([
                    "default_ipv4_ippool": [.string(v4)], "default_ipv6_ippool": ["a6"],
                    "family_policy": .string(policy),
                ]), container: container)
        }
        #expect(try ask("prefer_ipv4", "c1") == ["10.6.168.101/16"])
        #expect(try ask("prefer_ipv6", "c2") == ["fd00:6::100/64"])
        #expect(try ask("either", "c3") == ["10.6.168.102/16", "fd00:6::101/64"])
        #expect(try ask("either", "c4", v4: "missing") == ["fd00:6::102/64"])
        for number in 1...2 { _ = try host.add(container: "full-\(number)") }
        #expect(try ask("either", "c5") == ["fd00:6::103/64"])
        #expect(try ask("prefer_ipv4", "c6") == ["fd00:6::104/64"])
    }
}
