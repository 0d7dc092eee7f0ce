import IPAMCore
import NetlinkKit
import Testing

/// Rules of the real kernel, set up and looked at with `ip`.
@Suite
struct RuleTests {
    @Test(arguments: [
        "pref 1101 from 172.23.4.10 lookup 101", "pref 1000 fwmark 0x1 lookup 100", "pref 1000 from all lookup 500",
        "pref 7 fwmark 0x10/0xf0 to 10.0.0.0/8 lookup 70000", "pref 8 not from 10.0.0.0/8 iif lo lookup main",
        "pref 9 oif eth7 lookup main suppress_prefixlength 0", "pref 10 goto 32766", "pref 11 blackhole",
        "pref 12 unreachable", "pref 13 prohibit", "pref 14 tos 0x10 lookup 5 protocol static",
        "pref 15 ipproto tcp dport 80-90 uidrange 5-6 lookup 5", "pref 0 lookup 9",
    ])
    func isTheSameWhenAddedAgain(words: String) throws {
        try Laboratory.run("ip rule add \(words)") { socket in
            let before = try Shell.output("ip rule show")
            let stock = try Laboratory.run("") { try $0.rules(.ipv4) }
            let all = try socket.rules(.ipv4)
            let added = all.filter { !stock.contains($0) }
            let rule = try #require(added.count == 1 ? added.first : nil, "\(added)")
            try socket.remove(rule)
            #expect(try socket.rules(.ipv4) == stock)
            try socket.add(rule)
            #expect(try Shell.output("ip rule show") == before)
            let doubled = #expect(throws: NetlinkError.self) { try socket.add(rule) }
            #expect(doubled?.code == .exists)
        }
    }

    @Test
    func tellsFamiliesApart() throws {
        try Laboratory.run("ip -6 rule add pref 1101 from fd00::1 lookup 101") { socket in
            #expect(try socket.rules(.ipv4).map(\.priority) == [0, 32766, 32767])
            let rules = try socket.rules(.ipv6)
            #expect(rules.map(\.description).contains("1101: from fd00::1/128 lookup 101"))
            #expect(try socket.rules() == socket.rules(.ipv4) + rules)
            let gone = #expect(throws: NetlinkError.self) {
                try socket.remove(Rule(.ipv6, priority: 77, table: RouteTable(rawValue: 101)))
            }
            #expect(gone?.code == .notFound)
        }
    }
}
