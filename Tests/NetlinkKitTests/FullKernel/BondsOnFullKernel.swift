import IPAMCore
import NetlinkKit
import Testing

/// Bonds with each of their options, each test in a namespace of its own.
@Suite(.onFullKernel)
struct BondsOnFullKernel {
    typealias Lab = LinkLaboratory

    /// Values of an option that a bond without members takes, the last one for good.
    static func values(_ option: BondOption) -> [BondValue] {
        let ipv4 = (1...16).map { IPAddress.v4(IPv4Address(10, 0, 0, $0)) }
        let ipv6 = (1...16).map { IPAddress.v6(IPv6Address(0x2001, 0xdb8, 0, 0, 0, 0, 0, $0)) }
        switch option.rule.form {
        case .number(_, let range, let words):
            let numbers = words.isEmpty && range.count > 2 ? [range.lowerBound, range.upperBound, 77] : Array(range)
            return numbers.map { .number($0) }
        case .link: return []
        case .hardwareAddress: return [.hardwareAddress(MACAddress(2, 0, 0, 0, 0, 1))]
        case .addresses(.ipv4): return [.addresses([ipv4[0]]), .addresses(ipv4)]
        case .addresses(.ipv6): return [.addresses([ipv6[0]]), .addresses(ipv6)]
        }
    }

    @Test(arguments: BondMode.allCases)
    func everyValueIsWrittenByNameAndReadBack(mode: BondMode) throws {
        try inOwnNamespace {
            var lab = try Lab()
            let bond = try lab.add("bond0", .bond(BondOptions(mode: mode))).index
            let original = try lab.bond(bond)
            #expect(original.mode == mode)
            for option in BondOption.allCases where option != .mode && option.rule.modes.contains(mode) {
                if Self.isAfterLinux61.contains(option), original[option] == nil { continue }
                for value in Self.values(option) {
                    // As a person would write it.
                    let named = try #require(BondOption(name: "\(option)"))
                    let wanted = try #require(named.value(parsing: named.text(of: value)))
                    var change = BondOptions()
                    // Delays are whole multiples of it.
                    if option.rule.needsMiimon { change[.miimon] = .number(1) }
                    change[named] = wanted
                    try lab.socket.update(bond, LinkChange(bondOptions: change))
                    #expect(try lab.bond(bond)[option] == value, "\(option) \(named.text(of: value))")
                }
            }
        }
    }

    /// Options that Debian's kernel does not have.
    static let isAfterLinux61: Set<BondOption> = [.coupledControl, .broadcastNeighbor]

    @Test(arguments: BondMode.allCases)
    func optionsOfOtherModesAreRefusedInWords(mode: BondMode) throws {
        try inOwnNamespace {
            var lab = try Lab()
            let bond = try lab.add("bond0", .bond(BondOptions(mode: mode))).index
            for option in BondOption.allCases
            where !option.rule.modes.contains(mode) && !Self.isAfterLinux61.contains(option) {
                guard let value = Self.values(option).last else { continue }
                var change = BondOptions()
                change[option] = value
                let error = try lab.refusal { socket throws(NetlinkError) in
                    try socket.update(bond, LinkChange(bondOptions: change))
                }
                #expect(error.code == .notPermitted, "\(option)")
                #expect(error.detail.contains("mode"), "\(option): \(error)")
            }
        }
    }

    @Test
    func madeWithManyOptionsAtOnce() throws {
        try inOwnNamespace {
            var lab = try Lab()
            var options = BondOptions(mode: .ieee8023ad)
            for (name, text) in [
                ("miimon", "50"), ("up_delay", "100"), ("downdelay", "150"), ("lacp_rate", "fast"),
                ("ad_select", "bandwidth"), ("xmit_hash_policy", "layer3+4"), ("min_links", "2"),
                ("ad_actor_system", "02:00:00:00:00:09"), ("ad_actor_sys_prio", "7"), ("lacp_active", "off"),
            ] {
                let option = try #require(BondOption(name: name))
                options[option] = option.value(parsing: text)
            }
            let bond = try lab.add("bond0", .bond(options)).index
            let read = try lab.bond(bond)
            for entry in options.entries { #expect(read[entry.option] == entry.value, "\(entry.option)") }
        }
    }

    @Test
    func membersComeAndGo() throws {
        try inOwnNamespace {
            var lab = try Lab()
            var options = BondOptions(mode: .activeBackup)
            options[.miimon] = .number(100)
            let bond = try lab.add("bond0", .bond(options)).index
            let first = try lab.add("d0", .dummy, LinkSettings(master: .link(bond)))
            let second = try lab.add("d1", .dummy, LinkSettings(master: .link(bond)))
            #expect(first.master == bond)
            guard case .bond(_, _, let permanent?) = first.membership,
                case .bond(_, _, let own?) = second.membership
            else { throw Lab.Unexpected() }
            #expect(own != permanent)
            #expect(second.address == first.address)

            // While it runs: which member, and which one rather.
            var change = BondOptions()
            change[.primary] = .link(second.index)
            try lab.socket.update(bond, LinkChange(settings: LinkSettings(isUp: true), bondOptions: change))
            #expect(try lab.bond(bond)[.primary] == .link(second.index))
            change = BondOptions()
            change[.primaryReselect] = .number(2)
            change[.activeSlave] = .link(first.index)
            try lab.socket.update(bond, LinkChange(bondOptions: change))
            #expect(try lab.bond(bond)[.activeSlave] == .link(first.index))
            let active = try lab.socket.link(at: first.index).membership
            #expect(active == .bond(isActive: true, miiIsUp: true, permanentAddress: permanent))
            change = BondOptions()
            change[.miimon] = .number(200)
            try lab.socket.update(bond, LinkChange(bondOptions: change))
            #expect(try lab.bond(bond)[.miimon] == .number(200))

            let mode = try lab.refusal { socket throws(NetlinkError) in
                try socket.update(bond, LinkChange(bondOptions: BondOptions(mode: .broadcast)))
            }
            #expect(!mode.detail.isEmpty, "\(mode)")
            try lab.add("d2", .dummy, LinkSettings(isUp: true))
            let third = try lab.link("d2").index
            let up = try lab.refusal { socket throws(NetlinkError) in
                try socket.update(third, LinkSettings(master: .link(bond)))
            }
            #expect(up.code == .notPermitted, "\(up)")

            try lab.socket.update(second.index, LinkSettings(master: LinkSettings.Master.none))
            let released = try lab.socket.link(at: second.index)
            #expect(released.master == nil)
            #expect(released.membership == .none)
            #expect(released.address == own)
        }
    }
}
