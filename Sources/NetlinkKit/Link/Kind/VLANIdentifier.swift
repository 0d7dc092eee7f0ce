/// The number of a VLAN, 1 to 4094 (IEEE 802.1Q; 0 and 4095 are reserved).
public struct VLANIdentifier: RawRepresentable, Sendable, Hashable {
    /// The number.
    public let rawValue: UInt16

    /// Wraps a number; `nil` when it is reserved or too large.
    public init?(rawValue: UInt16) {
        guard (1...4094).contains(rawValue) else { return nil }
        self.rawValue = rawValue
    }
}

extension VLANIdentifier: CustomStringConvertible {
    /// The number in decimal.
    public var description: String { String(rawValue) }
}
