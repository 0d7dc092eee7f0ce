import IPAMCore
import NetlinkKit
import SystemPackage
import Testing

/// Transactions of the real kernel.
@Suite
struct NetfilterKernelTests {
    static let table = NetfilterTable(.ipv4, "trial")

    @Test
    func readsBackWhatItAdded() throws {
        try inOwnNamespace {
            var socket = try NetfilterSocket()
            let chains = [
                NetfilterChain("first", NetfilterChain.Base(.nat, .postrouting, priority: 100)),
                NetfilterChain("second", NetfilterChain.Base(.filter, .forward, priority: -1, policy: .drop)),
                NetfilterChain("third"),
            ]
            let name = try LinkLaboratory.name("a-name-of-15-by")
            let rules = [
                NetfilterRule(chain: "second", [.load(.inputLinkName), .compare(.unequal, .name(name))], comment: ""),
                NetfilterRule(chain: "third", [.immediate(0xfedc_ba98), .bitwise(mask: 0xff, xor: 1), .set(.mark)]),
                NetfilterRule(
                    chain: "third", [.load(.mark), .set(.connectionMark)],
                    comment: String(repeating: "c", count: NetfilterRule.longestComment)),
                NetfilterRule(chain: "third", []),
            ]
            for family in [NetfilterFamily.ipv4, .ipv6, .inet] {
                let table = NetfilterTable(family, "trial")
                #expect(try socket.isActive(table) == nil)
                #expect(try socket.chains(in: table).isEmpty)
                #expect(try socket.rules(in: table).isEmpty)
                try socket.apply(
                    [.addTable(table)] + chains.map { .addChain($0, table) } + rules.map { .addRule($0, table) })
                #expect(try socket.isActive(table) == true)
                #expect(try socket.chains(in: table) == chains)
                #expect(try socket.rules(in: table) == rules)
            }
            try socket.apply([])
        }
    }

    @Test
    func addsWhatItReadOfOthers() throws {
        try inOwnNamespace {
            try ReplyMarksKernelTests.load(
                """
                table ip trial {
                    chain c { tcp dport 80 counter packets 3 bytes 4 meta mark set meta mark | 1 accept; }
                    chain d { }
                }
                """)
            var socket = try NetfilterSocket()
            let rules = try socket.rules(in: Self.table)
            let copy = try #require(rules.first).expressions
            #expect(copy.contains { if case .other("counter", _) = $0 { true } else { false } })
            try socket.apply([.addRule(NetfilterRule(chain: "d", copy), Self.table)])
            let chains = try Shell.output("nft list ruleset").split(separator: "chain")
            #expect(chains.count == 3)
            #expect(
                chains.dropFirst().allSatisfy { $0.contains("tcp dport 80 counter packets 3 bytes 4 meta mark set") })
        }
    }

    struct Refused: Sendable, CustomTestStringConvertible {
        let changes: [NetfilterChange]
        let code: NetlinkError.Code
        let operation: String
        var others: [String] = []
        var testDescription: String { operation }
    }

    @Test(arguments: [
        Refused(
            changes: [.addTable(table), .addRule(NetfilterRule(chain: "none", []), table)],
            code: .notFound, operation: "add rule to chain none of table ip trial"),
        Refused(
            changes: [
                .addTable(table), .addRule(NetfilterRule(chain: "none", []), table),
                .removeTable(NetfilterTable(.ipv6, "x")),
                .addChain(NetfilterChain("kept"), table),
            ],
            code: .notFound, operation: "add rule to chain none of table ip trial", others: ["remove table ip6 x"]),
        Refused(
            changes: [.addTable(table), .addTable(NetfilterTable(NetfilterFamily(rawValue: 99), "trial"))],
            code: .notSupported, operation: "add table family 99 trial"),
        Refused(
            changes: [
                .addTable(table),
                .addChain(NetfilterChain("c", NetfilterChain.Base(.route, .prerouting, priority: 0)), table),
            ],
            code: .notSupported, operation: "add chain c to table ip trial"),
        Refused(
            changes: [
                .addTable(table), .addChain(NetfilterChain("c"), table),
                .addRule(NetfilterRule(chain: "c", [.load(.connectionState), .set(.connectionState)]), table),
            ],
            code: .notSupported, operation: "add rule to chain c of table ip trial"),
        Refused(
            changes: [.addTable(table), .addTable(NetfilterTable(.ipv4, String(repeating: "n", count: 300)))],
            code: .invalid, operation: "add table ip " + String(repeating: "n", count: 300)),
    ])
    func changesNothingWhenSomethingIsRefused(row: Refused) throws {
        try inOwnNamespace {
            var socket = try NetfilterSocket()
            let error = #expect(throws: NetlinkError.self) { try socket.apply(row.changes) }
            #expect(error?.code == row.code, "\(String(describing: error))")
            #expect(error?.operation == row.operation)
            let detail = error?.detail ?? ""
            #expect(detail.hasSuffix("nothing was changed"))
            for other in row.others { #expect(detail.contains("also refused: \(other): ")) }
            #expect(detail.contains("also refused") == !row.others.isEmpty)
            #expect(try Shell.output("nft list ruleset").isEmpty)
            // The socket is as good as before.
            try socket.apply([.addTable(Self.table)])
            #expect(try socket.isActive(Self.table) == true)
        }
    }

    @Test
    func doesNotSendACommentThatIsTooLong() throws {
        try inOwnNamespace {
            var socket = try NetfilterSocket()
            let comment = String(repeating: "c", count: NetfilterRule.longestComment + 1)
            let error = #expect(throws: NetlinkError.self) {
                try socket.apply([
                    .addTable(Self.table), .addRule(NetfilterRule(chain: "c", [], comment: comment), Self.table),
                ])
            }
            #expect(error?.code == .invalid)
            #expect(error?.errno == nil)
            #expect(try socket.isActive(Self.table) == nil)
        }
    }

    @Test
    func takesACapability() throws {
        try inOwnNamespace {
            try ReplyMarksKernelTests.load("table ip trial { }")
            try NetworkNamespace.current().perform { () throws(NetlinkError) in
                Scratch.dropNetworkAdministration()
                var socket = try NetfilterSocket()
                let error = #expect(throws: NetlinkError.self) { try socket.apply([.removeTable(Self.table)]) }
                #expect(error?.code == .notPermitted)
                #expect(error?.operation == "change the rules of nftables")
                let reading = #expect(throws: NetlinkError.self) { _ = try socket.isActive(Self.table) }
                #expect(reading?.code == .notPermitted)
            }
            #expect(try Shell.output("nft list tables") == "table ip trial")
        }
    }

    @Test
    func appliesHundredsOfChangesAtOnceAndTellsOfEachRefusal() throws {
        try inOwnNamespace {
            var socket = try NetfilterSocket()
            let chains = (0..<500).map { NetfilterChange.addChain(NetfilterChain("chain-\($0)"), Self.table) }
            let error = #expect(throws: NetlinkError.self) { try socket.apply(chains) }
            #expect(error?.operation == "add chain chain-0 to table ip trial")
            // The first refusal is the error itself, the others are named in its detail.
            #expect(error?.detail.split(separator: ";").filter { $0.contains("also refused:") }.count == 499)
            #expect(try socket.chains(in: Self.table).isEmpty)
            try socket.apply([.addTable(Self.table)] + chains)
            #expect(try socket.chains(in: Self.table).count == 500)
        }
    }
}
