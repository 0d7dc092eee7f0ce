internal import IPAMCore

/// The attributes of a neighbour (`NDA_…`, linux/neighbour.h).
enum NDA {
    /// `NDA_DST`.
    static let destination: AttributeType = 1
    /// `NDA_LLADDR`.
    static let hardwareAddress: AttributeType = 2
    /// `NDA_IFINDEX`.
    static let link: AttributeType = 8
}

extension Neighbor {
    /// `NTF_PROXY`.
    static let proxyFlag: UInt8 = 0x08
    /// `NTF_ROUTER`.
    private static let routerFlag: UInt8 = 0x80
    /// The length of `struct ndmsg` in bytes.
    private static let headerByteCount = 12

    /// Reads what comes after the header of an `RTM_NEWNEIGH`.
    ///
    /// - Returns: `nil` when it is malformed, or not about IPv4 or IPv6.
    init?(_ payload: RawSpan) {
        guard payload.byteCount >= Self.headerByteCount,
            let link = payload.integer(at: 4, as: Int32.self).flatMap(LinkIndex.init(rawValue:)),
            let state = payload.integer(at: 8, as: UInt16.self), let flags = payload.integer(at: 10, as: UInt8.self)
        else { return nil }
        var address: IPAddress?
        var hardware: MACAddress?
        let isWhole = payload.forEachAttribute(from: Self.headerByteCount) { type, value in
            switch type {
            case NDA.destination: address = value.address
            case NDA.hardwareAddress: hardware = value.hardwareAddress
            default: break
            }
        }
        guard isWhole, let address else { return nil }
        self.init(address, on: link, hardwareAddress: hardware, state: State(rawValue: state))
        isProxy = flags & Self.proxyFlag != 0
        isRouter = flags & Self.routerFlag != 0
    }

    /// Whether the bytes of an `RTM_NEWNEIGH` are about IPv4 or IPv6, and not about a bridge.
    static func isNeighbor(_ payload: RawSpan) -> Bool {
        guard let family = payload.integer(as: UInt8.self) else { return true }
        return AddressFamily(kernelNumber: family) != nil
    }
}

extension MessageWriter {
    /// Writes what comes after the header of a request that makes a neighbour, or ends it.
    mutating func body(of neighbor: Neighbor, ending: Bool = false) {
        neighborHeader(
            family: neighbor.address.family.kernelNumber, index: neighbor.link.rawValue,
            state: ending ? 0 : neighbor.state.rawValue, flags: neighbor.isProxy ? Neighbor.proxyFlag : 0)
        attribute(NDA.destination, neighbor.address)
        if !ending, let hardware = neighbor.hardwareAddress { attribute(NDA.hardwareAddress, hardware) }
    }
}
