/// A set of modes of a bond.
public struct BondModes: OptionSet, Sendable, Hashable {
    /// One bit for each mode, at the place of its number.
    public let rawValue: UInt8

    /// Wraps the bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The set of some modes.
    public init(_ modes: BondMode...) {
        rawValue = modes.reduce(0) { $0 | 1 << $1.rawValue }
    }

    /// All modes.
    public static let all = Self(rawValue: 0x7f)
    /// Those that can watch their members by ARP.
    public static let watchingByARP = Self(.balanceRoundRobin, .activeBackup, .balanceXOR, .broadcast)
    /// Those with one member that counts more than the others.
    public static let withActiveMember = Self(.activeBackup, .balanceTLB, .balanceALB)

    /// Whether a mode is in the set.
    public func contains(_ mode: BondMode) -> Bool { rawValue & 1 << mode.rawValue != 0 }
}
