public import IPAMCore
public import IPAMEngine

/// How many of the families with a list of pools a container needs: `ipam.family_policy`.
public enum IPFamilyPolicy: String, Sendable, Hashable, CaseIterable {
    /// Each of them, or the container does not start.
    case both
    /// At least one of them; as many as there are.
    case either
    /// One: IPv4 if there is an address left, otherwise IPv6.
    case preferIPv4 = "prefer_ipv4"
    /// One: IPv6 if there is an address left, otherwise IPv4.
    case preferIPv6 = "prefer_ipv6"

    static let expectation = "\"both\", \"either\", \"prefer_ipv4\" or \"prefer_ipv6\""

    /// The same in words of the engine.
    public var policy: FamilyPolicy {
        switch self {
        case .both: .all
        case .either: .any
        case .preferIPv4, .preferIPv6: .first
        }
    }

    /// The families in the order in which they are tried.
    public var families: [AddressFamily] { self == .preferIPv6 ? [.ipv6, .ipv4] : [.ipv4, .ipv6] }
}
