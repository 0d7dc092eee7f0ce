internal import IPAMCore
internal import NetlinkKit

extension DevicePlan {
    mutating func prepare(_ bond: DeviceBond) throws(DeviceError) -> Base {
        guard let link = state.link(named: bond.name) else { return try make(bond) }
        guard link.kind == .bond, case .bond(let options) = link.details else {
            throw DeviceError(
                .mismatch, "a non-bond type interface named \(bond.name) already exists on the host",
                details:
                    "bond.name: \(bond.name) is \(link.kind.map { "a \($0) interface" } ?? "hardware"); choose another name"
            )
        }
        if bond.existing == .adopt {
            if !link.isUp { append(.switchOn(bond.name)) }
            return Base(name: bond.name, index: link.index, mtuBytes: link.mtuBytes, isUp: true)
        }
        return try complete(bond, link, options)
    }

    // MARK: A new bond

    private mutating func make(_ bond: DeviceBond) throws(DeviceError) -> Base {
        let members = try configuration.interfaces.indices.map { place throws(DeviceError) in
            try candidate(at: place, for: bond)
        }
        // A bond gives its MTU to its members; that of the member with the smallest one cuts nobody's packets.
        let mtuBytes = configuration.mtuBytes ?? members.map(\.mtuBytes).min() ?? 1500
        try expect(members, toTake: mtuBytes)
        var options = bond.options
        options[.mode] = .number(UInt32(bond.mode.rawValue))
        append(.makeBond(bond.name, options, mtuBytes: mtuBytes))
        append(.mark(bond.name))
        append(.compare(bond.name, options))
        join(members, bond, isUp: false)
        // The kernel tells of it only when it is a member.
        if let primary = primary(of: bond, options: BondOptions()) { append(primary) }
        var base = Base(name: bond.name, mtuBytes: mtuBytes, isUp: true)
        base.afterwards = settling(bond)
        return base
    }

    /// Puts members into a bond, then switches it on, then gives it what the members had.
    private mutating func join(_ members: [Link], _ bond: DeviceBond, isUp: Bool) {
        let belongings = members.compactMap { member in
            InterfaceName(member.name).map { Belongings(of: member, $0, in: state) }
        }
        for belonging in belongings { operations += belonging.taking }
        for member in members {
            guard let name = InterfaceName(member.name) else { continue }
            if member.isUp { append(.switchOff(name)) }
            append(.join(name, bond: bond.name))
        }
        if !isUp { append(.switchOn(bond.name)) }
        for belonging in belongings { operations += belonging.giving(to: bond.name) }
    }

    /// What is done when the members are in.
    private func settling(_ bond: DeviceBond) -> [DeviceOperation] {
        [.awaitCarrier(bond.name)] + (bond.activeMember.map { [.activate($0, bond: bond.name)] } ?? [])
    }

    private func primary(of bond: DeviceBond, options: BondOptions) -> DeviceOperation? {
        guard let index = bond.primary.flatMap({ state.link(named: $0)?.index }) else { return nil }
        let wanted = BondValue.link(index)
        guard options[.primary] != wanted else { return nil }
        var change = BondOptions()
        change[.primary] = wanted
        var old = BondOptions()
        old[.primary] = options[.primary]
        return .setOptions(bond.name, change, from: old)
    }

    // MARK: A bond that is there

    private mutating func complete(
        _ bond: DeviceBond, _ link: Link, _ options: BondOptions
    ) throws(DeviceError) -> Base {
        let present = state.members(of: link.index)
        let strangers = present.filter { member in !configuration.interfaces.contains { $0.text == member.name } }
        guard strangers.isEmpty else {
            throw mismatch(
                bond, "it has other members: \(strangers.map(\.name).joined(separator: ", "))",
                remedy: "name them in interfaces, or take them out (ip link set dev \(strangers[0].name) nomaster)")
        }
        let missing = try configuration.interfaces.indices
            .filter { place in !present.contains { $0.name == configuration.interfaces[place].text } }
            .map { place throws(DeviceError) in try candidate(at: place, for: bond) }

        let change = try change(bond, options, isUp: link.isUp, isEmpty: present.isEmpty)
        // Nobody ever used it: an interrupted run left it, or the module made it when it was loaded.
        if present.isEmpty, !link.isUp, link.alias != DeviceState.mark { append(.mark(bond.name)) }
        if let change {
            append(.setOptions(bond.name, change.new, from: change.old))
            append(.compare(bond.name, change.new))
        }
        let mtuBytes = try settleMTU(of: bond, link, present + missing)
        if missing.isEmpty {
            if !link.isUp { append(.switchOn(bond.name)) }
        } else {
            join(missing, bond, isUp: link.isUp)
        }
        if let primary = primary(of: bond, options: options) { append(primary) }
        var base = Base(name: bond.name, index: link.index, mtuBytes: mtuBytes, isUp: true)
        if !missing.isEmpty || !link.isUp { base.afterwards = settling(bond) }
        return base
    }

    private mutating func settleMTU(
        of bond: DeviceBond, _ link: Link, _ members: [Link]
    ) throws(DeviceError) -> UInt32 {
        var mtuBytes = link.mtuBytes
        // Below a VLAN others may need more.
        if let wanted = configuration.mtuBytes, configuration.vlan == nil ? wanted != mtuBytes : wanted > mtuBytes {
            try expect(members, toTake: wanted)
            append(.setMTU(bond.name, wanted, from: mtuBytes))
            mtuBytes = wanted
        } else {
            try expect(members, toTake: mtuBytes)
        }
        return mtuBytes
    }

    private func expect(_ members: [Link], toTake mtuBytes: UInt32) throws(DeviceError) {
        for member in members {
            guard let limit = member.maximumMTUBytes, mtuBytes > limit else { continue }
            throw DeviceError(
                .mismatch, "mtu larger than a member can have",
                details:
                    "mtu: a bond gives its mtu to its members: \(mtuBytes) is asked for, \(member.name) has at most "
                    + "\(limit); ask for less")
        }
    }

    func mismatch(_ bond: DeviceBond, _ difference: String, remedy: String) -> DeviceError {
        DeviceError(
            .mismatch, "bond \(bond.name) exists and differs",
            details: "bond: \(difference); \(remedy), or set bond.existing to \"adopt\" to use it as it is")
    }
}
