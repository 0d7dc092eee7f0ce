public import IPAMCore

/// An address as an interface carries it: with the length of its network's prefix, host bits and all.
///
/// ```swift
/// let address = try InterfaceAddress(parsing: "172.22.4.10/16")
/// address.network  // 172.22.0.0/16
/// ```
public struct InterfaceAddress: Sendable, Hashable {
    /// The address.
    public let address: IPAddress

    /// Length of the prefix in bits: 0…32 or 0…128.
    public let prefixLength: Int

    /// Makes an address with a prefix; `nil` when the family has no such length.
    public init?(_ address: IPAddress, prefixLength: Int) {
        guard 0...address.family.bitWidth ~= prefixLength else { return nil }
        self.address = address
        self.prefixLength = prefixLength
    }

    /// Reads `address/length`.
    ///
    /// - Throws: `AddressParseError` with the position of the first byte that does not fit.
    public init(parsing text: String) throws(AddressParseError) {
        let parts = try CIDR.parts(of: text.utf8.span)
        address = parts.address
        prefixLength = parts.prefixLength
    }

    /// The network that the address belongs to.
    public var network: CIDR { CIDR(containing: address, prefixLength: prefixLength) ?? CIDR(address) }

    /// The family that results name; an IPv4-mapped IPv6 address counts as IPv4.
    public var family: AddressFamily { address.unmapped.family }
}

extension InterfaceAddress: LosslessStringConvertible {
    /// Reads `address/length`; `nil` where ``init(parsing:)`` would throw.
    public init?(_ description: String) {
        guard let address = try? InterfaceAddress(parsing: description) else { return nil }
        self = address
    }

    /// `address/length` with the canonical text of the address.
    public var description: String { "\(address)/\(prefixLength)" }
}
