extension IPAddress {
    /// `0.0.0.0` or `::`.
    public var isUnspecified: Bool { bits == 0 }

    /// `127.0.0.0/8` (RFC 1122) or `::1` (RFC 4291 §2.5.3).
    public var isLoopback: Bool {
        switch self {
        case .v4(let address): address.isLoopback
        case .v6(let address): address.isLoopback
        }
    }

    /// `169.254.0.0/16` (RFC 3927) or `fe80::/10` (RFC 4291 §2.5.6).
    public var isLinkLocal: Bool {
        switch self {
        case .v4(let address): address.isLinkLocal
        case .v6(let address): address.isLinkLocal
        }
    }

    /// `224.0.0.0/4` (RFC 5771) or `ff00::/8` (RFC 4291 §2.7).
    public var isMulticast: Bool {
        switch self {
        case .v4(let address): address.isMulticast
        case .v6(let address): address.isMulticast
        }
    }

    /// Private use: RFC 1918 for IPv4, RFC 4193 for IPv6.
    public var isPrivate: Bool {
        switch self {
        case .v4(let address): address.isPrivate
        case .v6(let address): address.isUniqueLocal
        }
    }

    /// Whether a host interface can own the address; see the predicate of the same name of each family.
    public var isAssignable: Bool {
        switch self {
        case .v4(let address): address.isAssignable
        case .v6(let address): address.isAssignable
        }
    }
}
