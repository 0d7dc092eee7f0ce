import Glibc
import JSONTree
import Testing

@Suite struct PluginTests {
    static let both: JSONObject = ["default_ipv4_ippool": ["a"], "default_ipv6_ippool": ["a6"]]

    @Test(arguments: ["0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"]) func answersInTheAskedVersion(version: String)
        throws
    {
        let host = try Host()
        let outcome = try host.run("ADD", host.configuration(Self.both, version: version))
        #expect(outcome.status == 0)
        #expect(outcome.diagnostics.isEmpty)
        var v4: JSONObject = ["address": "10.6.168.101/16", "gateway": "10.6.0.1"]
        var v6: JSONObject = ["address": "fd00:6::100/64", "gateway": "fd00:6::1"]
        if version < "1" {
            v4["version"] = "4"
            v6["version"] = "6"
        }
        let expected: JSONValue = [
            "cniVersion": .string(version), "ips": [.object(v4), .object(v6)],
            "routes": [
                ["dst": "172.20.0.0/16", "gw": "10.6.0.254"], ["dst": "0.0.0.0/0", "gw": "10.6.0.1"],
                ["dst": "::/0", "gw": "fd00:6::1"],
            ],
        ]
        #expect(outcome.document == expected)
    }

    @Test func aCleanGatewayIsKnownButNotRoutedTo() throws {
        let host = try Host()
        let outcome = try host.run("ADD", host.configuration(["default_ipv4_ippool": ["a"], "clean_gateway": true]))
        #expect(outcome.document?["ips"]?.arrayValue?.first?["gateway"] == "10.6.0.1")
        #expect(outcome.document?["routes"] == [["dst": "172.20.0.0/16", "gw": "10.6.0.254"]])
    }

    @Test func repeatingAnAddChangesNothing() throws {
        let host = try Host()
        let first = try host.run("ADD")
        let second = try host.run("ADD")
        #expect(first.status == 0)
        #expect(first.output == second.output)
        #expect(try host.claims() == ["10.6.168.101 eth0 box"])
    }

    @Test func aPodKeepsItsAddressInANewSandbox() throws {
        let host = try Host()
        let pod = "IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web-0;K8S_POD_UID=5b0e"
        let address = try host.add(container: "old", arguments: pod)
        #expect(try host.add(container: "new", arguments: pod) == address)
        #expect(try host.run("DEL", container: "old", arguments: pod).status == 0)
        #expect(try host.claims() == ["10.6.168.101 eth0 new"])
        let claim = try host.control("claims", "-o", "json").document?["claims"]?.arrayValue?.first
        #expect(claim?["namespace"] == "shop")
        #expect(claim?["name"] == "web-0")
        #expect(claim?["uid"] == "5b0e")
        #expect(claim?["network"] == "rack")
        #expect(try host.run("DEL", container: "new").status == 0)
        #expect(try host.claims() == [])
    }

    @Test func dualStackIsAllOrNothing() throws {
        let host = try Host()
        var outcome = try host.run(
            "ADD", host.configuration(["default_ipv4_ippool": ["a"], "default_ipv6_ippool": ["missing"]]))
        #expect(
            outcome.refusal
                == "102 spiderpool IP allocation error; no IPPool available, all IPv6 IPPools [missing] of eth0 filtered out: "
                + "[no such IPPool missing]")
        #expect(try host.claims() == [])
        for number in 1...4 { _ = try host.add(container: "c\(number)") }
        outcome = try host.run("ADD", host.configuration(Self.both))
        #expect(outcome.status == 1)
        #expect(
            outcome.refusal
                == "102 spiderpool IP allocation error; all IP addresses used out: IPv4: IPPool a has 4 usable addresses: 4 claimed"
        )
        #expect(try host.claims().count == 4)
    }

    @Test func theNextPoolServesWhenTheEarlierIsFull() throws {
        let host = try Host()
        let configuration = host.configuration(["default_ipv4_ippool": ["a", "b"]])
        var addresses: [String] = []
        for number in 1...6 { addresses += try host.add(configuration, container: "c\(number)") }
        #expect(addresses.prefix(4).allSatisfy { $0.hasPrefix("10.6.168.10") })
        #expect(addresses.suffix(2) == ["10.6.168.201/16", "10.6.168.202/16"])
        #expect(try host.run("ADD", configuration, container: "c7").status == 1)
        #expect(try host.run("DEL", configuration, container: "c2").status == 0)
        #expect(try host.add(configuration, container: "c7") == [addresses[1]])
    }

    @Test func patternsAndDefaultsNamePools() throws {
        let host = try Host()
        #expect(try host.add(host.configuration(["default_ipv4_ippool": ["[b-z]*"]])) == ["10.6.168.201/16"])
        let none = try host.run("ADD", host.configuration([:]), container: "other")
        #expect(
            none.refusal.contains("no IPPool available: no pool is named for NIC eth0, and none has spec.default: true")
        )
        let defaults = Host.pools.replacing("{subnet: \"fd00", with: "{default: true, subnet: \"fd00")
        #expect(try host.control("apply", "-f", "-", input: defaults).status == 0)
        #expect(try host.add(host.configuration([:]), container: "other") == ["fd00:6::100/64"])
    }

    @Test func aDisabledPoolKeepsWhatItGaveAndGivesNothingNew() throws {
        let host = try Host()
        let address = try host.add()
        let disabled = Host.pools.replacing("gateway: 10.6.0.1", with: "gateway: 10.6.0.1\n  disable: true")
        #expect(try host.control("apply", "-f", "-", input: disabled).status == 0)
        #expect(try host.add() == address)
        #expect(try host.run("ADD", container: "late").refusal.contains("disabled IPPool a"))
        #expect(try host.run("DEL").status == 0)
        #expect(try host.run("ADD").refusal.contains("disabled IPPool a"))
    }

    @Test func conditionsOnNamespaceAndNetworkHold() throws {
        let host = try Host()
        let bound = Host.pools.replacing(
            "gateway: 10.6.0.1", with: "gateway: 10.6.0.1\n  namespaceName: [shop]\n  multusName: [rack]")
        #expect(try host.control("apply", "-f", "-", input: bound).status == 0)
        let pod = "K8S_POD_NAME=web;K8S_POD_UID=u1;K8S_POD_NAMESPACE="
        #expect(try host.run("ADD", arguments: pod + "bank").refusal.contains("unmatched Namespace name of IPPool a"))
        let elsewhere = host.configuration(network: "other")
        #expect(try host.run("ADD", elsewhere, arguments: pod + "shop").refusal.contains("is not matched"))
        #expect(try host.add(arguments: pod + "shop") == ["10.6.168.101/16"])
    }

    @Test func reservedAddressesAreNotGivenOut() throws {
        let host = try Host()
        let reservation = """
            {"apiVersion": "spiderpool.spidernet.io/v2beta1", "kind": "SpiderReservedIP", "metadata": {"name": "r"},
             "spec": {"ips": ["10.6.168.101-10.6.168.103"]}}
            """
        #expect(try host.control("apply", "-f", "-", input: reservation).status == 0)
        #expect(try host.add() == ["10.6.168.104/16"])
        let refusal = try host.run("ADD", container: "late").refusal
        #expect(refusal.contains("IPPool a has 1 usable address: 1 claimed"))
    }

    @Test func deletingFreesOnlyTheOwnInterface() throws {
        let host = try Host()
        _ = try host.run("ADD")
        _ = try host.run("ADD", interface: "net1")
        _ = try host.run("ADD", container: "other")
        #expect(try host.run("DEL", interface: "net1").status == 0)
        #expect(try host.claims() == ["10.6.168.101 eth0 box", "10.6.168.103 eth0 other"])
    }

    @Test func deletingSucceedsWhateverIsLeft() throws {
        let host = try Host()
        _ = try host.add()
        let broken = host.configuration(["default_ipv4_ippool": 7, "clean_gateway": "yes", "log_level": "loud"])
        for (configuration, container, namespace) in [
            (host.configuration(), "unknown", Host.foreignNamespace), (host.configuration(), "box", ""),
            (host.configuration(), "box", "/proc/0/ns/net"), (broken, "box", ""),
        ] {
            let outcome = try host.run("DEL", configuration, container: container, namespace: namespace)
            #expect(outcome.status == 0, "\(outcome.refusal)")
            #expect(outcome.output.isEmpty)
        }
        #expect(try host.claims() == [])
    }

    @Test func checkComparesWithWhatIsOwned() throws {
        let host = try Host()
        let result = try #require(try host.run("ADD", host.configuration(Self.both)).document)
        func check(_ result: JSONValue) throws -> Outcome {
            try host.run("CHECK", host.configuration(Self.both, more: ["prevResult": result]))
        }
        let good = try check(result)
        #expect(good.status == 0)
        #expect(good.output.isEmpty)
        var other = result.objectValue ?? [:]
        other["ips"] = [["address": "10.6.168.104/16"]]
        #expect(
            try check(.object(other)).refusal.hasPrefix("105 spiderpool IP check error; 10.6.168.101 belongs to eth0"))
        #expect(try host.run("DEL").status == 0)
        #expect(try check(result).refusal.contains("owns no address for eth0"))
        #expect(try host.run("CHECK").refusal.hasPrefix("7 missing prevResult"))
    }

    @Test func garbageCollectionFreesWhatIsNotListedInItsNetwork() throws {
        let host = try Host()
        for container in ["keep", "gone"] { _ = try host.add(container: container) }
        _ = try host.add(host.configuration(network: "other"), container: "elsewhere")
        func collect(_ more: JSONObject) throws -> Outcome {
            try host.run("GC", host.configuration(version: "1.1.0", more: more))
        }
        #expect(try collect([:]).refusal.hasPrefix("7 missing list of valid attachments"))
        #expect(try host.claims().count == 3)
        #expect(try collect(["cni.dev/attachments": [["containerID": "keep", "ifname": "eth0"]]]).status == 0)
        #expect(try host.claims() == ["10.6.168.101 eth0 keep", "10.6.168.103 eth0 elsewhere"])
        #expect(try collect(["cni.dev/valid-attachments": []]).status == 0)
        #expect(try host.claims() == ["10.6.168.103 eth0 elsewhere"])
    }

    @Test func statusSaysWhetherAddressesCanBeGiven() throws {
        let host = try Host()
        let configuration = host.configuration(version: "1.1.0")
        let ready = try host.run("STATUS", configuration)
        #expect(ready.status == 0)
        #expect(ready.output.isEmpty)
        let empty = try Host(nil)
        #expect(try empty.run("STATUS", empty.configuration(version: "1.1.0")).refusal.contains("does not exist"))
        for pool in ["a", "b", "a6"] { #expect(try host.control("delete", "ippool", pool).status == 0) }
        let none = try host.run("STATUS", configuration)
        #expect(none.refusal.hasPrefix("50 spiderpool cannot give addresses"))
        #expect(none.refusal.contains("it holds no pool"))
    }

    @Test func versionAndAboutNeedNothing() throws {
        let folder = TemporaryFolder()
        let version = try RunningProgram([Program.ipam], environment: ["CNI_COMMAND": "VERSION"], in: folder).wait()
        #expect(version.status == 0)
        #expect(version.document?["cniVersion"] == "1.1.0")
        #expect(version.document?["supportedVersions"] == ["0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"])
        let about = try RunningProgram([Program.ipam], in: folder).wait()
        #expect(about.status == 0)
        #expect(about.output.isEmpty)
        #expect(about.diagnostics.contains("Spiderpool IPAM"))
    }
}
