public import IPAMCore

/// Who was seen using an address that a pool may give out.
public struct AddressUser: Sendable, Hashable {
    /// The hardware address.
    public var mac: MACAddress
    /// The link of this node that has the address; `nil` for a station on the wire.
    public var nodeLink: String?

    /// Makes a user.
    ///
    /// - Parameters:
    ///   - mac: The hardware address.
    ///   - nodeLink: The link of this node that has the address.
    public init(mac: MACAddress, nodeLink: String? = nil) {
        self.mac = mac
        self.nodeLink = nodeLink
    }
}

extension AddressUser: CustomStringConvertible {
    /// The hardware address, and the link where it is one of this node.
    public var description: String { nodeLink.map { "\(mac) (\($0) of this node)" } ?? "\(mac)" }
}
