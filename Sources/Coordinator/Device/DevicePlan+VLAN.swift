internal import IPAMCore
internal import NetlinkKit

extension DevicePlan {
    mutating func prepare(_ vlan: VLANIdentifier, on base: Base) throws(DeviceError) {
        let name = configuration.device
        if let wanted = configuration.mtuBytes, wanted > base.mtuBytes {
            throw DeviceError(
                .mismatch, "mtu larger than that of the interface below",
                details:
                    "mtu: a VLAN cannot have more than the interface below it: \(wanted) is asked for, \(base.name) has "
                    + "\(base.mtuBytes); ip link set dev \(base.name) mtu \(wanted) on every node, or ask for less")
        }
        guard let link = state.link(named: name) else {
            try expectNoOther(vlan, on: base)
            if !base.isUp { append(.switchOn(base.name)) }
            append(.makeVLAN(name, vlan, on: base.name, mtuBytes: configuration.mtuBytes))
            append(.mark(name))
            append(.switchOn(name))
            return
        }
        try expect(link, vlan, on: base)
        if !base.isUp { append(.switchOn(base.name)) }
        if let wanted = configuration.mtuBytes, wanted != link.mtuBytes {
            append(.setMTU(name, wanted, from: link.mtuBytes))
        }
        if !link.isUp { append(.switchOn(name)) }
    }

    /// A link of the name is there: it has to be what would have been made.
    private func expect(_ link: Link, _ vlan: VLANIdentifier, on base: Base) throws(DeviceError) {
        var differences: [String] = []
        if case .vlan(let id, let tag) = link.details, link.kind == .vlan {
            if id != vlan { differences.append("it is VLAN \(id)") }
            if tag != .customer { differences.append("its tag is 802.1ad") }
            if link.parentNamespace != nil {
                differences.append("it is on an interface of another network namespace")
            } else if let parent = link.parent, parent != base.index {
                differences.append("it is on \(state.name(of: parent))")
            }
        } else {
            differences.append("it is \(link.kind.map { "a \($0) interface" } ?? "hardware")")
        }
        guard !differences.isEmpty else { return }
        throw DeviceError(
            .mismatch, "\(link.name) exists but is not VLAN \(vlan) of \(base.name)",
            details:
                "vlanID: \(differences.joined(separator: ", ")); rename or remove it (ip link delete dev \(link.name)) if "
                + "nothing uses it, or choose another VLAN")
    }

    private func expectNoOther(_ vlan: VLANIdentifier, on base: Base) throws(DeviceError) {
        let message =
            "cannot have multiple different vlan interfaces with the same vlanId \(vlan) on node at the same time"
        for link in state.links where link.kind == .vlan {
            guard case .vlan(vlan, let tag) = link.details else { continue }
            if link.parent == base.index, link.parentNamespace == nil, base.index != nil {
                guard tag == .customer else { continue }
                throw DeviceError(
                    .mismatch, message,
                    details:
                        "vlanID: \(link.name) is VLAN \(vlan) of \(base.name) already, under another name: rename it to "
                        + "\(configuration.device), or remove it if nothing uses it")
            }
            guard !configuration.allowsDuplicateVLANID else { continue }
            let place = link.parentNamespace == nil ? link.parent.map { " on \(state.name(of: $0))" } ?? "" : ""
            throw DeviceError(
                .mismatch, message,
                details:
                    "vlanID: \(link.name)\(place) has that number; if both are meant, set allowDuplicateVLANID to true")
        }
    }
}
