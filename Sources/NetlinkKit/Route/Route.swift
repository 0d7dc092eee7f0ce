public import IPAMCore

/// A route as the kernel keeps it in one of its tables.
///
/// What is read has everything that the kernel told, also what has no name here (encapsulation, metrics, preference), so
/// that a route that is read, changed in one respect and added again is the same in all others.
///
/// ```swift
/// var route = Route(to: try CIDR(parsing: "10.96.0.0/12"), path: .hop(NextHop(link: veth0, gateway: node)))
/// route.preferredSource = podAddress
/// try pod.add(route)      // ip route add 10.96.0.0/12 via 172.22.0.11 dev veth0 src 172.22.4.10
/// ```
public struct Route: Sendable, Hashable {
    /// The way of a packet that the route is for.
    public enum Path: Sendable, Hashable {
        /// None: the route refuses, see ``Route/kind``.
        case none
        /// One next hop.
        case hop(NextHop)
        /// Several, among which traffic is shared (`RTA_MULTIPATH`).
        case hops([NextHop])
        /// A next hop object by its number (`RTA_NH_ID`, ip-nexthop(8)).
        case object(UInt32)
    }

    /// Which packets: those to this prefix.
    public var destination: CIDR
    /// Only packets from this prefix (IPv6).
    public var source: CIDR?
    /// Only packets with this type of service (IPv4).
    public var typeOfService: UInt8 = 0
    /// The table that the route is in.
    public var table: RouteTable
    /// Who made it.
    public var origin: RouteOrigin
    /// How far away the destination is; IPv6 knows only ``NetworkScope/universe``.
    public var scope: NetworkScope
    /// What happens to a packet.
    public var kind: RouteKind
    /// Where it goes.
    public var path: Path
    /// The address that packets of this host are sent from unless they have one.
    public var preferredSource: IPAddress?
    /// Of several routes to a destination the one with the lowest priority counts (`metric` of `ip route`); `nil` is 0
    /// for IPv4, and 1024 for IPv6.
    public var priority: UInt32?
    /// After how long the kernel removes it (IPv6), in whole seconds; `nil` when it stays.
    public var expiry: Duration?

    /// What else was told about it: metrics, preference and so on.
    var others: [OpaqueAttribute] = []

    /// Makes a route as `ip route add` would: unicast, made at boot time, as far away as its next hop says.
    ///
    /// - Parameters:
    ///   - destination: Which packets.
    ///   - path: Where they go.
    ///   - table: The table.
    public init(to destination: CIDR, path: Path, table: RouteTable = .main) {
        self.destination = destination
        self.path = path
        self.table = table
        origin = .boot
        kind = .unicast
        scope = destination.family == .ipv6 || path.hasGateway ? .universe : .link
    }

    /// The family.
    public var family: AddressFamily { destination.family }

    /// All next hops; none behind a next hop object.
    public var nextHops: [NextHop] {
        switch path {
        case .hop(let hop): [hop]
        case .hops(let hops): hops
        case .none, .object: []
        }
    }

    /// The largest packet in bytes that the way takes (`RTAX_MTU`); `nil` when the link decides.
    public var mtuBytes: UInt32? { metric(RTAX.mtu) }

    /// The segment size in bytes that TCP offers to the other side (`RTAX_ADVMSS`); `nil` when the kernel decides.
    public var advertisedSegmentBytes: UInt32? { metric(RTAX.advertisedSegmentSize) }

    private func metric(_ wanted: AttributeType) -> UInt32? {
        var value: UInt32?
        for other in others where other.type == RTA.metrics {
            unsafe other.bytes.span.bytes.forEachAttribute { type, bytes in
                if type == wanted { value = bytes.integer(as: UInt32.self) }
            }
        }
        return value
    }

    /// Sets the largest packet that the way takes; other metrics stay.
    public mutating func setMTU(bytes mtuBytes: UInt32) {
        var metrics = MessageWriter()
        for other in others where other.type == RTA.metrics {
            unsafe other.bytes.span.bytes.forEachAttribute { type, bytes in
                if type != RTAX.mtu { metrics.attribute(type, bytes: bytes.array) }
            }
        }
        metrics.attribute(RTAX.mtu, mtuBytes)
        others.removeAll { $0.type == RTA.metrics }
        others.append(OpaqueAttribute(type: RTA.metrics, bytes: metrics.bytes))
    }

    /// `rtm_flags`.
    var headerFlags: UInt32 {
        if case .hop(let hop) = path, hop.isOnLink { NextHop.onLinkFlag } else { 0 }
    }
}

extension Route.Path {
    fileprivate var hasGateway: Bool {
        switch self {
        case .none, .object: true
        case .hop(let hop): hop.gateway != nil
        case .hops(let hops): hops.contains { $0.gateway != nil }
        }
    }
}

extension Route: CustomStringConvertible {
    /// In the words of `ip route`: `10.0.0.0/8 via 10.1.0.1 dev 3 table 101`; links by their number.
    public var description: String { description { "\($0)" } }

    /// In the words of `ip route`, with names of links.
    ///
    /// - Parameter name: The name of a link.
    /// - Returns: For example `10.0.0.0/8 via 10.1.0.1 dev eth0 table 101`.
    public func description(naming name: (LinkIndex) -> String) -> String {
        var words = kind == .unicast ? "" : "\(kind.word) "
        words += destination.isDefault ? "default" : "\(destination)"
        if let source { words += " from \(source)" }
        switch path {
        case .none: break
        case .hop(let hop): words += hop.words(name)
        case .hops(let hops): for hop in hops { words += " nexthop\(hop.words(name)) weight \(hop.weight)" }
        case .object(let number): words += " nhid \(number)"
        }
        if table != .main { words += " table \(table)" }
        if let preferredSource { words += " src \(preferredSource)" }
        if let priority { words += " metric \(priority)" }
        return words
    }
}

extension NextHop {
    fileprivate func words(_ name: (LinkIndex) -> String) -> String {
        var words = ""
        if let gateway { words += " via \(gateway)" }
        if let link { words += " dev \(name(link))" }
        if isOnLink { words += " onlink" }
        return words
    }
}

extension RouteKind {
    fileprivate var word: String {
        switch self {
        case .local: "local"
        case .broadcast: "broadcast"
        case .anycast: "anycast"
        case .multicast: "multicast"
        case .blackhole: "blackhole"
        case .unreachable: "unreachable"
        case .prohibit: "prohibit"
        case .throw: "throw"
        default: "type \(rawValue)"
        }
    }
}
