import IPAMCore
import Testing

@testable import NetlinkKit

@Suite
struct BondOptionTests {
    @Test
    func everyOptionHasOneRuleAndOneName() {
        #expect(BondOption.table.map(\.0) == BondOption.allCases)
        let names = BondOption.allCases.flatMap { [$0.rule.name] + $0.rule.aliases }
        #expect(Set(names).count == names.count)
        for option in BondOption.allCases { #expect(BondOption(name: option.description) == option) }
        #expect(BondOption(name: "num_grat_arp") == .numPeerNotif)
        #expect(BondOption(name: "Mode") == nil)
    }

    struct Row {
        let option: BondOption
        let text: String
        let value: BondValue?
    }

    @Test(arguments: [
        Row(option: .mode, text: "802.3ad", value: .number(4)),
        Row(option: .mode, text: "6", value: .number(6)),
        Row(option: .mode, text: "7", value: nil),
        Row(option: .mode, text: "lacp", value: nil),
        Row(option: .xmitHashPolicy, text: "vlan+srcmac", value: .number(5)),
        Row(option: .lacpRate, text: "fast", value: .number(1)),
        Row(option: .lacpActive, text: "on", value: .number(1)),
        Row(option: .miimon, text: "2147483647", value: .number(2_147_483_647)),
        Row(option: .miimon, text: "2147483648", value: nil),
        Row(option: .miimon, text: "-1", value: nil),
        Row(option: .lpInterval, text: "0", value: nil),
        Row(option: .adUserPortKey, text: "1023", value: .number(1023)),
        Row(option: .adUserPortKey, text: "1024", value: nil),
        Row(option: .adActorSysPrio, text: "0", value: nil),
        Row(option: .adActorSystem, text: "01:00:5e:00:00:01", value: nil),
        Row(option: .arpIPTarget, text: "10.0.0.1,2001:db8::1", value: nil),
        Row(option: .arpIPTarget, text: "10.0.0.1,", value: nil),
        Row(option: .primary, text: "eth0", value: nil),
    ])
    func readsWordsAndNumbersWithinTheRange(row: Row) {
        #expect(row.option.value(parsing: row.text) == row.value)
    }

    @Test
    func everyNumberWithinARangeHasATextThatMeansIt() {
        for option in BondOption.allCases {
            guard case .number(_, let range, let words) = option.rule.form else { continue }
            #expect(words.isEmpty || words.count == Int(range.upperBound) + 1)
            for number in [range.lowerBound, range.upperBound] {
                #expect(option.value(parsing: option.text(of: .number(number))) == .number(number))
            }
            #expect(option.value(parsing: String(range.upperBound + 1)) == nil)
        }
    }

    @Test
    func whatIsWrittenIsReadAgain() throws {
        var options = BondOptions()
        for option in BondOption.allCases.reversed() {
            options[option] =
                switch option.rule.form {
                case .number(_, let range, _): .number(range.upperBound)
                case .link: .link(try #require(LinkIndex(rawValue: 77)))
                case .hardwareAddress: .hardwareAddress(MACAddress(2, 0, 0, 0, 0, 1))
                case .addresses(.ipv4): .addresses([.v4(IPv4Address(10, 0, 0, 1)), .v4(IPv4Address(10, 0, 0, 2))])
                case .addresses(.ipv6): .addresses([.v6(.loopback)])
                }
        }
        #expect(options.entries.map(\.option) == BondOption.allCases)
        var writer = MessageWriter()
        options.write(to: &writer)
        let bytes = writer.bytes
        #expect(BondOptions(bytes.span.bytes) == options)
    }

    @Test
    func knowsWhichModesTakeAnOption() {
        #expect(BondOption.lacpRate.rule.modes == [BondModes(.ieee8023ad)])
        #expect(BondOption.arpInterval.rule.modes.contains(.broadcast))
        #expect(!BondOption.arpInterval.rule.modes.contains(BondMode.ieee8023ad))
        #expect(BondOption.mode.rule.condition == [.hasNoMembers, .isDown])
        #expect(BondMode("802.3ad") == .ieee8023ad)
        #expect(BondMode("4") == .ieee8023ad)
        #expect(BondMode("-1") == nil)
    }
}
