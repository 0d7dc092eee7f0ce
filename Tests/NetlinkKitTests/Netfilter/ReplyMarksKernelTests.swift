import IPAMCore
import SystemPackage
import Testing

@testable import NetlinkKit

/// Rules of the real kernel, looked at with nft(8) and with both kinds of iptables(8).
@Suite
struct ReplyMarksKernelTests {
    /// The rules as a person would write them.
    static func text(_ family: AddressFamily) -> String {
        """
        table \(NetfilterFamily(family)) spiderpool {
            chain prerouting { type filter hook prerouting priority mangle; policy accept;
                iifname "veth0" ct state new ct mark set ct mark | 0x10000000 comment "spiderpool: remember that the connection came in here"
            }
            chain output { type route hook output priority mangle; policy accept;
                ct mark & 0x10000000 == 0x10000000 meta mark 0 meta mark set 0x1 comment "spiderpool: let its answers leave by the way it came"
            }
        }
        """
    }

    /// Rules of others, in tables of their own, as kube-proxy makes them in its mode "nftables".
    static let foreign = """
        table ip kube-proxy {
            map service-ips {
                type ipv4_addr . inet_proto . inet_service : verdict
                elements = { 10.96.0.10 . udp . 53 : goto service-dns }
            }
            chain service-dns {
                ip saddr != 10.244.0.0/16 jump mark-for-masquerade
                numgen random mod 1 vmap { 0 : goto endpoint-dns }
            }
            chain endpoint-dns { meta l4proto udp dnat to 10.244.0.5:53; }
            chain mark-for-masquerade { meta mark set meta mark | 0x4000; }
            chain services { ip daddr . meta l4proto . th dport vmap @service-ips; }
            chain nat-prerouting { type nat hook prerouting priority dstnat; policy accept; jump services; }
            chain nat-output { type nat hook output priority -100; policy accept; jump services; }
            chain nat-postrouting {
                type nat hook postrouting priority srcnat; policy accept
                meta mark & 0x4000 != 0 meta mark set meta mark ^ 0x4000 masquerade fully-random
            }
        }
        table inet spiderpool {
            chain output {
                type filter hook output priority mangle; policy accept
                counter
            }
        }
        """

    static func marks() throws -> ReplyMarks { ReplyMarks(link: try LinkLaboratory.name("veth0")) }

    /// Loads a text with nft(8) into the namespace of the thread.
    static func load(_ text: String) throws { _ = try Shell.output("nft -f - <<'END'\n\(text)\nEND") }

    @Test(arguments: [AddressFamily.ipv4, .ipv6])
    func areWhatAPersonWouldWrite(family: AddressFamily) throws {
        try inOwnNamespace {
            try Self.load(Self.text(family))
            // Handles count up for as long as the namespace lives.
            let list = "nft -j list ruleset | jq -c 'del(.. | .handle?)'"
            let expected = try Shell.output(list)
            #expect(expected.contains("prerouting"))
            var socket = try NetfilterSocket()
            let marks = try Self.marks()
            #expect(try socket.state(of: marks, family) == .present)
            let other: AddressFamily = family == .ipv4 ? .ipv6 : .ipv4
            #expect(try socket.state(of: marks, other) == .absent)

            _ = try Shell.output("nft flush ruleset")
            #expect(try socket.state(of: marks, family) == .absent)
            try socket.install(marks, [family])
            #expect(try Shell.output(list) == expected)
            #expect(try socket.state(of: marks, family) == .present)
        }
    }

    @Test
    func areTheSameWhenInstalledAgain() throws {
        try inOwnNamespace {
            var socket = try NetfilterSocket()
            let marks = try Self.marks()
            try socket.install(marks, [.ipv4, .ipv6])
            let once = try Shell.output("nft -a list ruleset")
            try socket.install(marks, [.ipv4, .ipv6])
            #expect(try Shell.output("nft -a list ruleset") == once)
            #expect(marks.installation(.ipv6, over: try socket.state(of: marks, .ipv6)).isEmpty)
            // Also when they are put in the place of what is there.
            try socket.apply(
                [AddressFamily.ipv4, .ipv6].flatMap { marks.installation($0, over: .different("as asked")) })
            let rules = "sed 's/ # handle.*//'"
            #expect(try Shell.output("nft -a list ruleset | \(rules)") == Shell.output("echo '\(once)' | \(rules)"))
            #expect(try socket.state(of: marks, .ipv4) == .present)
            #expect(try socket.state(of: marks, .ipv6) == .present)

            try socket.apply(ReplyMarks.removal(.ipv4))
            #expect(try socket.state(of: marks, .ipv4) == .absent)
            #expect(try socket.state(of: marks, .ipv6) == .present)
            try socket.apply(ReplyMarks.removal(.ipv4) + ReplyMarks.removal(.ipv6))
            #expect(try Shell.output("nft list ruleset").isEmpty)
        }
    }

    struct Damage: Sendable, CustomTestStringConvertible {
        let command: String
        let words: String
        var testDescription: String { command }
    }

    @Test(arguments: [
        Damage(command: "nft flush chain ip spiderpool output", words: "rule 2 is missing"),
        Damage(
            command: "nft add rule ip spiderpool output meta mark set 7",
            words: "rule 3 is not one of ours: [ immediate reg 1 0x7 ] [ meta set mark with reg 1 ]"),
        Damage(command: "nft insert rule ip spiderpool prerouting counter", words: "rule 1 is [ counter ] in place of"),
        Damage(command: "nft add chain ip spiderpool mine", words: "chain 3 is not one of ours: mine"),
        Damage(
            command: "nft add chain ip spiderpool output '{ policy drop; }'",
            words: "chain 2 is output { type route hook output priority -150; policy drop; } in place of"),
        Damage(command: "nft flush table ip spiderpool; nft delete chain ip spiderpool output", words: "chain 2 is"),
        Damage(command: "nft add table ip spiderpool '{ flags dormant; }'", words: "table ip spiderpool is dormant"),
        Damage(
            command: "nft -f - <<'END'\n"
                + text(.ipv4).replacing("table", with: "flush table ip spiderpool\ntable")
                .replacing("veth0", with: "veth1") + "\nEND", words: "cmp eq reg 1 \"veth1\""),
    ])
    func areSeenToBeBrokenAndAreMended(damage: Damage) throws {
        try inOwnNamespace {
            var socket = try NetfilterSocket()
            let marks = try Self.marks()
            try socket.install(marks, [.ipv4])
            _ = try Shell.output(damage.command)
            let state = try socket.state(of: marks, .ipv4)
            guard case .different(let words) = state else {
                Issue.record("\(state)")
                return
            }
            #expect(words.contains(damage.words))
            try socket.install(marks, [.ipv4])
            #expect(try socket.state(of: marks, .ipv4) == .present)
        }
    }

    @Test
    func leaveTheRulesOfOthersAlone() throws {
        let tools = ["iptables-nft", "ip6tables-nft", "iptables-legacy", "ip6tables-legacy"]
        let add = tools.map { tool in
            "\(tool) -t mangle -A OUTPUT -m mark --mark 0x539 -j CONNMARK --save-mark; \(tool) -A FORWARD -j DROP"
        }
        // The comments have the time in them.
        let list = "{ nft list ruleset; \(tools.map { "\($0)-save; " }.joined())} 2>/dev/null | grep -v '^#'"
        try inOwnNamespace {
            try Self.load(Self.foreign)
            _ = try Shell.output("set -e\n" + add.joined(separator: "\n"))
            let before = try Shell.output(list)
            #expect(before.contains("kube-proxy"))
            #expect(before.split(separator: "\n").count { $0.contains("-A FORWARD -j DROP") } == 4)
            var socket = try NetfilterSocket()
            let marks = try Self.marks()
            for _ in 0..<2 {
                try socket.install(marks, [.ipv4, .ipv6])
                #expect(try socket.state(of: marks, .ipv4) == .present)
                #expect(try socket.state(of: marks, .ipv6) == .present)
            }
            // What comes afterwards is no more hindered than what was there before.
            _ = try Shell.output("set -e\n" + add.joined(separator: "\n"))
            #expect(try socket.state(of: marks, .ipv4) == .present)
            _ = try Shell.output("set -e\n" + add.joined(separator: "\n").replacing(" -A ", with: " -D "))
            try socket.apply(ReplyMarks.removal(.ipv4) + ReplyMarks.removal(.ipv6))
            #expect(try Shell.output(list) == before)
        }
    }

    @Test
    func areMadeInTheNamespaceWhereTheSocketWasOpened() throws {
        let namespace = try NetworkNamespace.create()
        var socket = try namespace.perform { () throws(NetlinkError) in try NetfilterSocket() }
        let marks = try Self.marks()
        try socket.install(marks, [.ipv4])
        let inside = try namespace.perform { Result { try Shell.output("nft list tables") } }.get()
        #expect(inside == "table ip spiderpool")
        var outside = try NetfilterSocket()
        #expect(try outside.state(of: marks, .ipv4) == .absent)
    }
}
