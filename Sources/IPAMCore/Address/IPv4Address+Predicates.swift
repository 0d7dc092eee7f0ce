extension IPv4Address {
    /// Whether the first `length` bits equal those of `network`.
    @inlinable
    func isIn(_ network: UInt32, _ length: Int) -> Bool { (bits ^ network) >> (32 - UInt32(length)) == 0 }

    /// `0.0.0.0`, "this host" (RFC 1122 §3.2.1.3).
    public var isUnspecified: Bool { bits == 0 }
    /// `0.0.0.0/8`, "this network" (RFC 791 §3.2).
    public var isThisNetwork: Bool { isIn(0, 8) }
    /// `127.0.0.0/8` (RFC 1122 §3.2.1.3).
    public var isLoopback: Bool { isIn(0x7f00_0000, 8) }
    /// `10.0.0.0/8`, `172.16.0.0/12`, `192.168.0.0/16` (RFC 1918).
    public var isPrivate: Bool { isIn(0x0a00_0000, 8) || isIn(0xac10_0000, 12) || isIn(0xc0a8_0000, 16) }
    /// `100.64.0.0/10`, carrier-grade NAT (RFC 6598).
    public var isShared: Bool { isIn(0x6440_0000, 10) }
    /// `169.254.0.0/16` (RFC 3927).
    public var isLinkLocal: Bool { isIn(0xa9fe_0000, 16) }
    /// `224.0.0.0/4` (RFC 5771).
    public var isMulticast: Bool { isIn(0xe000_0000, 4) }
    /// `224.0.0.0/24`, never forwarded (RFC 5771 §4).
    public var isLinkLocalMulticast: Bool { isIn(0xe000_0000, 24) }
    /// `255.255.255.255` (RFC 919).
    public var isBroadcast: Bool { bits == .max }
    /// `240.0.0.0/4` without the broadcast address (RFC 1112 §4).
    public var isReserved: Bool { isIn(0xf000_0000, 4) && !isBroadcast }
    /// `192.0.2.0/24`, `198.51.100.0/24`, `203.0.113.0/24` (RFC 5737).
    public var isDocumentation: Bool {
        isIn(0xc000_0200, 24) || isIn(0xc633_6400, 24) || isIn(0xcb00_7100, 24)
    }
    /// `198.18.0.0/15` (RFC 2544).
    public var isBenchmarking: Bool { isIn(0xc612_0000, 15) }
    /// `192.0.0.0/24`, protocol assignments (RFC 6890).
    public var isProtocolAssignment: Bool { isIn(0xc000_0000, 24) }

    /// Whether a host interface can own the address: not unspecified, "this network", loopback, multicast,
    /// reserved or broadcast.
    public var isAssignable: Bool {
        !isThisNetwork && !isLoopback && bits < 0xe000_0000
    }
}
