/// The state of an address and how it is used (`IFA_F_…`).
public struct AddressFlags: OptionSet, Sendable, Hashable {
    /// The kernel's bits.
    public let rawValue: UInt32

    /// Wraps the kernel's bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// `IFA_F_SECONDARY`: not the first of its subnet (IPv4), or temporary (IPv6).
    public static let secondary = Self(rawValue: 0x1)
    /// `IFA_F_NODAD`: used without looking for duplicates.
    public static let noDuplicateDetection = Self(rawValue: 0x2)
    /// `IFA_F_OPTIMISTIC`: used while duplicates are looked for.
    public static let optimistic = Self(rawValue: 0x4)
    /// `IFA_F_DADFAILED`: somebody else has it.
    public static let duplicate = Self(rawValue: 0x8)
    /// `IFA_F_DEPRECATED`: not for new connections.
    public static let deprecated = Self(rawValue: 0x20)
    /// `IFA_F_TENTATIVE`: not usable yet, duplicates are looked for.
    public static let tentative = Self(rawValue: 0x40)
    /// `IFA_F_PERMANENT`: without an end.
    public static let permanent = Self(rawValue: 0x80)
    /// `IFA_F_NOPREFIXROUTE`: without a route to the subnet.
    public static let noPrefixRoute = Self(rawValue: 0x200)
}
