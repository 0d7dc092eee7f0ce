internal import Glibc
public import IPAMCore

/// Which packets a table of nftables sees (`NFPROTO_…`, "address families" of nft(8)).
public struct NetfilterFamily: RawRepresentable, Sendable, Hashable {
    /// The kernel's number.
    public let rawValue: UInt8

    /// Wraps a number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The family of one version of the Internet Protocol: `ip` or `ip6`.
    public init(_ family: AddressFamily) { self.init(rawValue: family.kernelNumber) }

    /// `NFPROTO_IPV4`: `ip`.
    public static let ipv4 = Self(.ipv4)
    /// `NFPROTO_IPV6`: `ip6`.
    public static let ipv6 = Self(.ipv6)
    /// `NFPROTO_INET`: both of them.
    public static let inet = Self(rawValue: 1)
}

extension NetfilterFamily: CustomStringConvertible {
    /// The word of nft(8), or the number.
    public var description: String {
        switch self {
        case .ipv4: "ip"
        case .ipv6: "ip6"
        case .inet: "inet"
        default: "family \(rawValue)"
        }
    }
}
