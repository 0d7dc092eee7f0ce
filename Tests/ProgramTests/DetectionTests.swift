import JSONTree
import Testing

/// Addresses that somebody else uses, and gateways that do not answer, on real links and through the real plugin.
@Suite(.serialized) struct DetectionTests {
    static let conflicts: JSONObject = ["enableIPConflictDetection": true]
    static let gateways: JSONObject = ["enableGatewayDetection": true]

    /// A network and a configuration for both families.
    static func lab(
        _ keys: JSONObject, ipv4: JSONValue = ["a"], ipv6: JSONValue = ["a6"], more: JSONObject = [:]
    ) throws -> (DetectionNetwork, JSONValue) {
        let host = try Host()
        var all: JSONObject = ["default_ipv4_ippool": ipv4, "default_ipv6_ippool": ipv6]
        for member in keys.members { all[member.key] = member.value }
        return (try DetectionNetwork(host), host.configuration(all, more: more))
    }

    @Test func theNextAddressIsGivenAndTheFirstIsQuarantined() throws {
        let (lab, configuration) = try Self.lab(Self.conflicts)
        try lab.pod("one")
        try lab.occupy("10.6.168.101", "fd00:6::100")
        #expect(try lab.add(configuration, "one") == ["10.6.168.102/16", "fd00:6::101/64"])
        let mac = DetectionNetwork.neighbor
        #expect(try lab.host.claims() == ["10.6.168.102 eth0 one", "fd00:6::101 eth0 one"])
        #expect(try lab.quarantined() == ["10.6.168.101 \(mac)", "fd00:6::100 \(mac)"])
        let table = try lab.host.control("claims").output
        #expect(table.contains("Quarantined") && table.contains(mac))
        #expect(try lab.host.control("claims", "10.6.168.101").output.contains(mac))
        let events = try HistoryTests.events(lab.host, "10.6.168.101")
        #expect(events.map { $0.split(separator: " ")[0] } == ["claimed", "released", "quarantined"])
        #expect(try lab.host.control("history", "10.6.168.101").output.contains("quarantined   -      \(mac)"))
        let explained = try lab.host.control("explain", "--ipv4-pool", "a").output
        #expect(explained.contains("10.6.168.101 is quarantined until") && explained.contains("\(mac) uses it"))
        #expect(lab.host.folder.read("log/plugin.log").contains("address in foreign use"))
        // The next container does not ask for it again.
        try lab.pod("two")
        #expect(try lab.add(configuration, "two") == ["10.6.168.103/16", "fd00:6::102/64"])
    }

    @Test func whatWasSeenSurvivesAnExport() throws {
        let (lab, configuration) = try Self.lab(Self.conflicts)
        try lab.pod("one")
        try lab.occupy("10.6.168.101")
        #expect(try lab.add(configuration, "one") == ["10.6.168.102/16", "fd00:6::100/64"])
        let exported = try lab.host.control("export")
        #expect(exported.output.contains(DetectionNetwork.neighbor))
        let other = Host.empty()
        let imported = try other.control("import", "spiderpool", "--apply", "-", input: exported.output)
        #expect(imported.status == 0, "\(imported.diagnostics)")
        let quarantined = try other.control("claims", "10.6.168.101", "-o", "json").document?["quarantined"]
        #expect(quarantined?.arrayValue?.first?["mac"]?.stringValue == DetectionNetwork.neighbor)
    }

    @Test func aPoolThatOthersUseAltogetherIsRefused() throws {
        let (lab, configuration) = try Self.lab(Self.conflicts)
        try lab.pod("one")
        let addresses = (101...104).map { "10.6.168.\($0)" }
        for address in addresses { try lab.occupy(address) }
        let refused = try lab.call("ADD", configuration, "one")
        #expect(refused.document?["code"] == 100)
        let mac = DetectionNetwork.neighbor
        for address in addresses {
            let text = "pod's interface eth0 with an conflicting ip \(address), \(address) is located at \(mac)"
            #expect(refused.refusal.contains(text), "\(refused.refusal)")
        }
        #expect(refused.refusal.hasPrefix("100 ip conflict: "))
        #expect(refused.refusal.contains("all IP addresses used out"))
        #expect(try lab.host.claims() == [])
        #expect(try lab.quarantined() == addresses.map { "\($0) \(mac)" })
    }

    @Test func aNameKeepsItsAddress() throws {
        var keys = Self.conflicts
        keys["identity"] = "db"
        let (lab, configuration) = try Self.lab(keys)
        try lab.pod("one")
        #expect(try lab.add(configuration, "one") == ["10.6.168.101/16", "fd00:6::100/64"])
        #expect(try lab.call("DEL", configuration, "one").status == 0)
        try lab.pod("two")
        try lab.occupy("10.6.168.101")
        let refused = try lab.call("ADD", configuration, "two")
        #expect(refused.document?["code"] == 100)
        #expect(refused.refusal.contains("10.6.168.101 is located at \(DetectionNetwork.neighbor)"))
        #expect(try lab.call("DEL", configuration, "two").status == 0)
        let states = try lab.host.control("claims", "-o", "json").document?["claims"]?.arrayValue ?? []
        #expect(states.map { $0["state"] } == ["retained", "retained"])
        #expect(try lab.quarantined() == [])
        try lab.inside("wire", "ip", "address", "flush", "dev", "rack")
        #expect(try lab.add(configuration, "two") == ["10.6.168.101/16", "fd00:6::100/64"])
    }

    @Test func aSilentGatewayIsNamedAndNothingIsLeft() throws {
        let (lab, configuration) = try Self.lab(Self.gateways)
        try lab.pod("one")
        try lab.occupy("fd00:6::1")
        let refused = try lab.call("ADD", configuration, "one")
        #expect(refused.refusal.hasPrefix("101 gateway 10.6.0.1 is unreachable; "), "\(refused.refusal)")
        #expect(try lab.host.claims() == [])
        #expect(try lab.quarantined() == [])
        try lab.occupy("10.6.0.1")
        #expect(try lab.add(configuration, "one") == ["10.6.168.102/16", "fd00:6::101/64"])
    }

    @Test func bothAreFoundOutTogether() throws {
        var keys = Self.conflicts
        keys["enableGatewayDetection"] = true
        let (lab, configuration) = try Self.lab(keys)
        try lab.pod("one")
        try lab.occupy("10.6.0.1", "fd00:6::1", "fd00:6::100")
        #expect(try lab.add(configuration, "one") == ["10.6.168.101/16", "fd00:6::101/64"])
        #expect(try lab.quarantined() == ["fd00:6::100 \(DetectionNetwork.neighbor)"])
    }

    @Test func anAddressOfTheNodeIsNotGiven() throws {
        let (lab, configuration) = try Self.lab(Self.conflicts)
        try lab.pod("one")
        let mac = "0a:00:00:00:00:02"
        try lab.inside("node", "ip", "link", "add", "own", "address", mac, "type", "bridge")
        try lab.inside("node", "ip", "address", "add", "10.6.168.101/16", "dev", "own")
        #expect(try lab.add(configuration, "one") == ["10.6.168.102/16", "fd00:6::100/64"])
        #expect(try lab.quarantined() == ["10.6.168.101 \(mac)"])
        #expect(lab.host.folder.read("log/plugin.log").contains("\(mac) (own of this node)"))
    }

    /// What the link has is its own: it would not answer itself, but others may have taken up its address by mistake.
    @Test func aRepetitionIsAnsweredWithWhatTheLinkHas() throws {
        let (lab, configuration) = try Self.lab(Self.conflicts)
        try lab.pod("one")
        let first = try lab.add(configuration, "one")
        for address in first { try lab.inside("one", "ip", "address", "add", address, "dev", "eth0") }
        try lab.occupy("10.6.168.101", "fd00:6::100")
        #expect(try lab.add(configuration, "one") == first)
        #expect(try lab.quarantined() == [])
    }

    @Test func withoutTheSwitchNothingIsAskedAndTheLinkStaysAsItIs() throws {
        let (lab, configuration) = try Self.lab([:])
        try lab.pod("one")
        try lab.occupy("10.6.168.101", "fd00:6::100")
        #expect(try lab.add(configuration, "one") == ["10.6.168.101/16", "fd00:6::100/64"])
        #expect(try lab.inside("one", "ip", "-brief", "link", "show", "dev", "eth0").contains("DOWN"))
    }

    @Test func withoutALinkTheAddressIsGivenAndTheLogSaysSo() throws {
        let (lab, configuration) = try Self.lab(Self.conflicts)
        try lab.make("one")
        #expect(try lab.add(configuration, "one") == ["10.6.168.101/16", "fd00:6::100/64"])
        let log = lab.host.folder.read("log/plugin.log")
        #expect(log.contains("\"WARN\"") && log.contains("there is no link eth0 yet"))
    }

    @Test func aLinkWithoutACableIsTriedAgainLater() throws {
        let (lab, configuration) = try Self.lab(Self.conflicts)
        try lab.pod("one")
        try lab.unplug()
        let refused = try lab.call("ADD", configuration, "one")
        #expect(refused.refusal.hasPrefix("11 cannot find out whether addresses are free"), "\(refused.refusal)")
        #expect(refused.refusal.contains("unplugged"))
        #expect(try lab.host.claims() == [])
    }

    @Test func behindMacvlanItIsTheSame() throws {
        let (lab, configuration) = try Self.lab(
            Self.conflicts, more: ["master": "uplink", "mode": "bridge"])
        try lab.plug("node", "uplink")
        try lab.inside("node", "ip", "link", "set", "uplink", "up")
        try lab.make("one")
        try lab.occupy("10.6.168.101")
        let added = try lab.call("ADD", configuration, "one", program: "macvlan")
        #expect(added.status == 0, "\(added.refusal)")
        #expect(try lab.inside("one", "ip", "-o", "address", "show", "dev", "eth0").contains("10.6.168.102/16"))
        #expect(try lab.quarantined() == ["10.6.168.101 \(DetectionNetwork.neighbor)"])
        #expect(try lab.call("DEL", configuration, "one", program: "macvlan").status == 0)
        #expect(try lab.host.claims() == [])
    }
}
