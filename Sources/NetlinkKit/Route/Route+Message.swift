internal import IPAMCore

extension Route {
    /// The length of `struct rtmsg` in bytes.
    static let headerByteCount = 12

    /// `RTM_F_CLONED`: not a route but what was learnt about one destination.
    private static let clonedFlag: UInt32 = 0x200

    /// Reads what comes after the header of an `RTM_NEWROUTE`.
    ///
    /// - Returns: `nil` when it is malformed.
    init?(_ payload: RawSpan) {
        guard let header = RouteHeader(payload), let family = AddressFamily(kernelNumber: header.family) else {
            return nil
        }
        var draft = RouteDraft(table: UInt32(header.table))
        guard payload.forEachAttribute(from: Self.headerByteCount, { draft.take($0, $1) }),
            let destination = draft.destination.prefix(length: header.destinationLength, family: family),
            let path = draft.path(flags: header.flags)
        else { return nil }
        self.init(to: destination, path: path, table: RouteTable(rawValue: draft.table))
        if header.sourceLength > 0 {
            guard let source = draft.source.prefix(length: header.sourceLength, family: family) else { return nil }
            self.source = source
        }
        typeOfService = header.typeOfService
        origin = RouteOrigin(rawValue: header.origin)
        scope = NetworkScope(rawValue: header.scope)
        kind = RouteKind(rawValue: header.kind)
        preferredSource = draft.preferredSource
        priority = draft.priority
        expiry = draft.expiry
        others = draft.others
    }

    /// Whether the bytes of an `RTM_NEWROUTE` are about an IPv4 or IPv6 route, and not about multicast routing, MPLS or
    /// what was learnt about one destination.
    static func isRoute(_ payload: RawSpan) -> Bool {
        guard let header = RouteHeader(payload) else { return true }
        return AddressFamily(kernelNumber: header.family) != nil && header.flags & clonedFlag == 0
    }
}

/// A `struct rtmsg`.
private struct RouteHeader {
    let family: UInt8
    let destinationLength: UInt8
    let sourceLength: UInt8
    let typeOfService: UInt8
    let table: UInt8
    let origin: UInt8
    let scope: UInt8
    let kind: UInt8
    let flags: UInt32

    init?(_ payload: RawSpan) {
        guard let words = payload.integer(as: UInt64.self), let flags = payload.integer(at: 8, as: UInt32.self) else {
            return nil
        }
        func byte(_ index: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: words.littleEndian >> (8 * index)) }
        family = byte(0)
        destinationLength = byte(1)
        sourceLength = byte(2)
        typeOfService = byte(3)
        table = byte(4)
        origin = byte(5)
        scope = byte(6)
        kind = byte(7)
        self.flags = flags
    }
}

/// The attributes of a route while it is read.
private struct RouteDraft {
    var destination: IPAddress?
    var source: IPAddress?
    var table: UInt32
    var preferredSource: IPAddress?
    var priority: UInt32?
    var expiry: Duration?
    var others: [OpaqueAttribute] = []
    private var hop = NextHop()
    private var hops: [NextHop] = []
    private var object: UInt32?
    private var isMalformed = false

    init(table: UInt32) { self.table = table }

    mutating func take(_ type: AttributeType, _ value: RawSpan) {
        switch type {
        case RTA.destination: destination = value.address
        case RTA.source: source = value.address
        case RTA.preferredSource: preferredSource = value.address
        case RTA.table: table = value.integer(as: UInt32.self) ?? table
        case RTA.priority: priority = value.integer(as: UInt32.self)
        case RTA.nextHopObject: object = value.integer(as: UInt32.self)
        case RTA.multipath: takeHops(value)
        case RTA.cacheInformation: takeExpiry(value)
        case RTA.metrics, RTA.preference, RTA.ttlPropagation:
            others.append(OpaqueAttribute(type: type, bytes: value.array))
        default: _ = hop.take(type, value)
        }
    }

    private mutating func takeHops(_ value: RawSpan) {
        var offset = 0
        while offset < value.byteCount {
            guard let hop = NextHop(in: value, at: &offset) else {
                isMalformed = true
                return
            }
            hops.append(hop)
        }
    }

    /// Reads `rta_expires` of a `struct rta_cacheinfo`, in hundredths of a second (`USER_HZ`); 0 when there is no end.
    private mutating func takeExpiry(_ value: RawSpan) {
        guard let hundredths = value.integer(at: 8, as: Int32.self), hundredths > 0 else { return }
        expiry = .seconds((Int64(hundredths) + 99) / 100)
    }

    func path(flags: UInt32) -> Route.Path? {
        if isMalformed { return nil }
        if let object { return .object(object) }
        if !hops.isEmpty { return .hops(hops) }
        var hop = hop
        hop.take(flags: flags)
        return hop.link == nil && hop.gateway == nil ? Route.Path.none : .hop(hop)
    }
}

extension Optional<IPAddress> {
    /// The prefix of an address that is only there when it is not all zeros.
    fileprivate func prefix(length: UInt8, family: AddressFamily) -> CIDR? {
        let address = self ?? .lowest(of: family)
        guard address.family == family else { return nil }
        return CIDR(containing: address, prefixLength: Int(length))
    }
}
