/// The number of a table of routes (`RT_TABLE_…`, rtnetlink(7)): which one is used is decided by rules.
public struct RouteTable: RawRepresentable, Sendable, Hashable, Comparable {
    /// The kernel's number; 0 is no table.
    public let rawValue: UInt32

    /// Wraps a number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// `RT_TABLE_DEFAULT`, 253: empty unless somebody fills it.
    public static let `default` = Self(rawValue: 253)
    /// `RT_TABLE_MAIN`, 254: where routes go when nothing else is said.
    public static let main = Self(rawValue: 254)
    /// `RT_TABLE_LOCAL`, 255: the host's own addresses, kept by the kernel.
    public static let local = Self(rawValue: 255)

    /// By number.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// The number for the one byte that headers have for it: 0 (`RT_TABLE_UNSPEC`) when an attribute has to carry it.
    var headerByte: UInt8 { UInt8(exactly: rawValue) ?? 0 }
}

extension RouteTable: CustomStringConvertible {
    /// `main`, `local`, `default`, or the number.
    public var description: String {
        switch self {
        case .default: "default"
        case .main: "main"
        case .local: "local"
        default: String(rawValue)
        }
    }
}
