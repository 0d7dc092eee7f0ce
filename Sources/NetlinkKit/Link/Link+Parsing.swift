internal import IPAMCore

extension Link {
    /// Reads what comes after the header of an `RTM_NEWLINK` message; `nil` when it is malformed.
    init?(_ payload: RawSpan) {
        // struct ifinfomsg: family, padding, type u16, index s32, flags u32, change u32
        guard let hardwareType = payload.integer(at: 2, as: UInt16.self),
            let index = payload.integer(at: 4, as: Int32.self).flatMap(LinkIndex.init(rawValue:)),
            let flags = payload.integer(at: 8, as: UInt32.self), payload.byteCount >= 16
        else { return nil }
        self.init(index: index, flags: LinkFlags(rawValue: flags), hardwareType: hardwareType)
        guard payload.forEachAttribute(from: 16, { take($0, $1) }) else { return nil }
    }

    @inline(__always)
    private mutating func take(_ type: AttributeType, _ value: RawSpan) {
        switch type {
        case IFLA.name: name = value.text
        case IFLA.address: address = value.hardwareAddress
        case IFLA.permanentAddress: permanentAddress = value.hardwareAddress
        case IFLA.mtu: mtuBytes = value.integer(as: UInt32.self) ?? 0
        case IFLA.maximumMTU: maximumMTUBytes = value.integer(as: UInt32.self).flatMap { $0 == 0 ? nil : $0 }
        case IFLA.transmitQueueLength: transmitQueueLength = value.integer(as: UInt32.self) ?? 0
        case IFLA.operationalState: operationalState = OperationalState(rawValue: value.integer(as: UInt8.self) ?? 0)
        case IFLA.carrier: hasCarrier = value.integer(as: UInt8.self) == 1
        case IFLA.master: master = value.linkIndex
        case IFLA.parent: parent = value.linkIndex
        case IFLA.parentNamespace: parentNamespace = value.integer(as: Int32.self)
        case IFLA.alias: alias = value.text
        case IFLA.info: takeInfo(value)
        default: break
        }
    }

    /// Takes `IFLA_LINKINFO`; the kernel writes each kind before its data.
    private mutating func takeInfo(_ info: RawSpan) {
        var slaveKind = ""
        info.forEachAttribute { type, value in
            switch type {
            case IFLAInfo.kind: kind = LinkKind(rawValue: value.text)
            case IFLAInfo.data: if let kind { details = LinkDetails(kind, value) }
            case IFLAInfo.slaveKind:
                slaveKind = value.text
                if slaveKind == LinkKind.bridge.rawValue { membership = .bridge }
            case IFLAInfo.slaveData: membership = LinkMembership(LinkKind(rawValue: slaveKind), value)
            default: break
            }
        }
    }
}

extension LinkDetails {
    /// Reads `IFLA_INFO_DATA`; ``none`` for kinds and values that are not known here.
    init(_ kind: LinkKind, _ data: RawSpan) {
        self =
            switch kind {
            case .vlan: Self.vlan(data)
            case .macvlan:
                data.attribute(1, as: UInt32.self).flatMap(MacvlanMode.init(rawValue:)).map(Self.macvlan) ?? .none
            case .ipvlan: Self.ipvlan(data)
            case .vxlan:
                if let id = data.attribute(1, as: UInt32.self) {
                    .vxlan(id: id, port: UInt16(bigEndian: data.attribute(15, as: UInt16.self) ?? 0))
                } else {
                    .none
                }
            case .vrf: data.attribute(1, as: UInt32.self).map { .vrf(table: $0) } ?? .none
            case .bond: .bond(BondOptions(data))
            default: .none
            }
    }

    private static func vlan(_ data: RawSpan) -> Self {
        guard let id = data.attribute(1, as: UInt16.self).flatMap(VLANIdentifier.init(rawValue:)) else { return .none }
        let tag = data.attribute(5, as: UInt16.self).flatMap { VLANProtocol(rawValue: UInt16(bigEndian: $0)) }
        return .vlan(id: id, protocol: tag ?? .customer)
    }

    private static func ipvlan(_ data: RawSpan) -> Self {
        guard let mode = data.attribute(1, as: UInt16.self).flatMap(IpvlanMode.init(rawValue:)) else { return .none }
        let isolation = data.attribute(2, as: UInt16.self).flatMap(IpvlanIsolation.init(rawValue:))
        return .ipvlan(mode, isolation ?? .bridge)
    }
}

extension LinkMembership {
    /// Reads `IFLA_INFO_SLAVE_DATA`.
    init(_ kind: LinkKind, _ data: RawSpan) {
        switch kind {
        case .bridge: self = .bridge
        case .vrf: self = data.attribute(1, as: UInt32.self).map { .vrf(table: $0) } ?? .none
        case .bond:
            // IFLA_BOND_SLAVE_STATE, _MII_STATUS, _PERM_HWADDR; in both of the first 0 is the good one.
            var permanentAddress: MACAddress?
            data.forEachAttribute { type, value in
                if type == 4 { permanentAddress = value.hardwareAddress }
            }
            self = .bond(
                isActive: data.attribute(1, as: UInt8.self) == 0, miiIsUp: data.attribute(2, as: UInt8.self) == 0,
                permanentAddress: permanentAddress)
        default: self = .none
        }
    }
}
