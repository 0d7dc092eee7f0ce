extension IPv6Address {
    /// `::` (RFC 4291 §2.5.2).
    public var isUnspecified: Bool { high == 0 && low == 0 }
    /// `::1` (RFC 4291 §2.5.3).
    public var isLoopback: Bool { high == 0 && low == 1 }
    /// `fe80::/10` (RFC 4291 §2.5.6).
    public var isLinkLocal: Bool { high >> 54 == 0xfe80 >> 6 }
    /// `fec0::/10`, no longer to be used (RFC 3879).
    public var isSiteLocal: Bool { high >> 54 == 0xfec0 >> 6 }
    /// `fc00::/7` (RFC 4193).
    public var isUniqueLocal: Bool { high >> 57 == 0xfc >> 1 }
    /// `ff00::/8` (RFC 4291 §2.7).
    public var isMulticast: Bool { high >> 56 == 0xff }
    /// Multicast with link-local scope, `ffx2::` (RFC 4291 §2.7).
    public var isLinkLocalMulticast: Bool { isMulticast && high >> 48 & 0xf == 2 }
    /// Multicast with interface-local scope, `ffx1::` (RFC 4291 §2.7).
    public var isInterfaceLocalMulticast: Bool { isMulticast && high >> 48 & 0xf == 1 }
    /// `2000::/3`, what IANA delegates for global unicast (RFC 4291 §2.5.4).
    public var isGlobalUnicast: Bool { high >> 61 == 1 }
    /// `2001:db8::/32` (RFC 3849) and `3fff::/20` (RFC 9637).
    public var isDocumentation: Bool { high >> 32 == 0x2001_0db8 || high >> 44 == 0x3fff0 }
    /// `2002::/16` (RFC 3056).
    public var is6to4: Bool { high >> 48 == 0x2002 }
    /// `64:ff9b::/96`, NAT64 (RFC 6052).
    public var isNAT64: Bool { high == 0x0064_ff9b_0000_0000 && low >> 32 == 0 }
    /// `100::/64`, discard (RFC 6666).
    public var isDiscard: Bool { high == 0x0100_0000_0000_0000 }
    /// `::ffff:0:0/96` (RFC 4291 §2.5.5.2).
    public var isIPv4Mapped: Bool { high == 0 && low >> 32 == 0xffff }

    /// The IPv4 address inside `::ffff:a.b.c.d`, or `nil`.
    public var mappedIPv4: IPv4Address? {
        isIPv4Mapped ? IPv4Address(bits: UInt32(truncatingIfNeeded: low)) : nil
    }

    /// The solicited-node group `ff02::1:ffXX:XXXX` that Neighbor Discovery asks (RFC 4291 §2.7.1).
    public var solicitedNodeMulticast: IPv6Address {
        IPv6Address(high: 0xff02_0000_0000_0000, low: 0x1_ff00_0000 | low & 0xff_ffff)
    }

    /// Whether a host interface can own the address: not unspecified, loopback, multicast or IPv4-mapped.
    public var isAssignable: Bool { !isUnspecified && !isLoopback && !isMulticast && !isIPv4Mapped }
}
