/// How far an address or a route is valid (`RT_SCOPE_…`); an open set.
public struct NetworkScope: RawRepresentable, Sendable, Hashable {
    /// The kernel's number.
    public let rawValue: UInt8

    /// Wraps the kernel's number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `RT_SCOPE_UNIVERSE`: everywhere.
    public static let universe = Self(rawValue: 0)
    /// `RT_SCOPE_SITE`.
    public static let site = Self(rawValue: 200)
    /// `RT_SCOPE_LINK`: on the link.
    public static let link = Self(rawValue: 253)
    /// `RT_SCOPE_HOST`: on this machine.
    public static let host = Self(rawValue: 254)
    /// `RT_SCOPE_NOWHERE`.
    public static let nowhere = Self(rawValue: 255)
}
