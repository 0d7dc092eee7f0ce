/// Whether a link can be used (`IFLA_OPERSTATE`, RFC 2863).
public struct OperationalState: RawRepresentable, Sendable, Hashable {
    /// The kernel's number.
    public let rawValue: UInt8

    /// Wraps the kernel's number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `IF_OPER_UNKNOWN`: the driver does not tell, as for loopback; usable.
    public static let unknown = Self(rawValue: 0)
    /// `IF_OPER_NOTPRESENT`.
    public static let notPresent = Self(rawValue: 1)
    /// `IF_OPER_DOWN`.
    public static let down = Self(rawValue: 2)
    /// `IF_OPER_LOWERLAYERDOWN`: the link below is down.
    public static let lowerLayerDown = Self(rawValue: 3)
    /// `IF_OPER_TESTING`.
    public static let testing = Self(rawValue: 4)
    /// `IF_OPER_DORMANT`: waits for something, for example for 802.1X.
    public static let dormant = Self(rawValue: 5)
    /// `IF_OPER_UP`.
    public static let up = Self(rawValue: 6)
}

extension OperationalState: CustomStringConvertible {
    /// The word of ip-link(8), in small letters.
    public var description: String {
        let words = ["unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up"]
        return Int(rawValue) < words.count ? words[Int(rawValue)] : "state \(rawValue)"
    }
}
