public import IPAMCore

/// An address on a link (`RTM_NEWADDR`, the lines of `ip address`), as read or to be added.
public struct LinkAddress: Sendable, Hashable {
    /// The link.
    public var link: LinkIndex
    /// The address itself.
    public var address: IPAddress
    /// How many bits the subnet has.
    public var prefixLength: UInt8
    /// The address of the other end of a point-to-point link.
    public var peer: IPAddress?
    /// The address of all; IPv4 only.
    public var broadcast: IPv4Address?
    /// The name of the address, the name of the link or that with more after it; IPv4 only, empty for none.
    public var label = ""
    /// How far it is valid.
    public var scope = NetworkScope.universe
    /// State and use.
    public var flags: AddressFlags = []
    /// How long it is for new connections, in seconds; `UInt32.max` for ever.
    public var preferredSeconds = UInt32.max
    /// How long it is there, in seconds; `UInt32.max` for ever.
    public var validSeconds = UInt32.max

    /// Describes an address without an end; `nil` when the prefix is longer than the address.
    ///
    /// - Parameters:
    ///   - address: The address.
    ///   - prefixLength: How many bits the subnet has.
    ///   - link: The link.
    ///   - flags: How it is used.
    public init?(_ address: IPAddress, prefixLength: Int, on link: LinkIndex, flags: AddressFlags = []) {
        guard (0...address.family.bitWidth).contains(prefixLength) else { return nil }
        self.link = link
        self.address = address
        self.prefixLength = UInt8(prefixLength)
        self.flags = flags
    }
}

extension LinkAddress: CustomStringConvertible {
    /// Address, slash, and length of the prefix.
    public var description: String { "\(address)/\(prefixLength)" }
}

extension LinkAddress {
    /// Writes the family header and the attributes.
    func write(to writer: inout MessageWriter) {
        writer.addressHeader(
            family: address.family.kernelNumber, prefixLength: prefixLength,
            flags: UInt8(truncatingIfNeeded: flags.rawValue),
            scope: scope.rawValue, index: link.rawValue)
        writer.attribute(IFA.local, address)
        writer.attribute(IFA.address, peer ?? address)
        if let broadcast { writer.attribute(IFA.broadcast, .v4(broadcast)) }
        if !label.isEmpty { writer.attribute(IFA.label, label) }
        if flags.rawValue > UInt32(UInt8.max) { writer.attribute(IFA.flags, flags.rawValue) }
        guard preferredSeconds != .max || validSeconds != .max else { return }
        writer.attribute(IFA.lifetimes) { writer in
            writer.append(preferredSeconds)
            writer.append(validSeconds)
            writer.append(UInt64(0))
        }
    }

    /// Reads what comes after the header of an `RTM_NEWADDR` message; `nil` when it is malformed.
    init?(_ payload: RawSpan) {
        // struct ifaddrmsg: family u8, prefix length u8, flags u8, scope u8, index u32
        guard let prefixLength = payload.integer(at: 1, as: UInt8.self),
            let flags = payload.integer(at: 2, as: UInt8.self), let scope = payload.integer(at: 3, as: UInt8.self),
            let link = payload.integer(at: 4, as: Int32.self).flatMap(LinkIndex.init(rawValue:))
        else { return nil }
        var local: IPAddress?
        var other: IPAddress?
        var broadcast: IPv4Address?
        var label = ""
        var allFlags = UInt32(flags)
        var preferredSeconds = UInt32.max
        var validSeconds = UInt32.max
        let isWhole = payload.forEachAttribute(from: 8) { type, value in
            switch type {
            case IFA.local: local = value.address
            case IFA.address: other = value.address
            case IFA.broadcast: broadcast = value.address?.v4
            case IFA.label: label = value.text
            case IFA.flags: allFlags = value.integer(as: UInt32.self) ?? allFlags
            case IFA.lifetimes:
                preferredSeconds = value.integer(as: UInt32.self) ?? .max
                validSeconds = value.integer(at: 4, as: UInt32.self) ?? .max
            default: break
            }
        }
        guard isWhole, let address = local ?? other, prefixLength <= address.family.bitWidth else { return nil }
        self.link = link
        self.address = address
        self.prefixLength = prefixLength
        self.peer = other == address ? nil : other
        self.broadcast = broadcast
        self.label = label
        self.scope = NetworkScope(rawValue: scope)
        self.flags = AddressFlags(rawValue: allFlags)
        self.preferredSeconds = preferredSeconds
        self.validSeconds = validSeconds
    }
}
