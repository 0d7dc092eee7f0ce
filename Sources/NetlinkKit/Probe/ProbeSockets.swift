internal import IPAMCore

/// A socket for each family that a probe asks about.
struct ProbeSockets: ~Copyable {
    private let arp: PacketSocket
    private let neighborDiscovery: PacketSocket

    /// The most frames that are taken before the clock is looked at again, so that no flood stops it.
    private static let burst = 64

    private init(arp: consuming PacketSocket, neighborDiscovery: consuming PacketSocket) {
        self.arp = arp
        self.neighborDiscovery = neighborDiscovery
    }

    /// Opens the sockets, which receive from now on.
    static func open(for targets: [ProbeTarget], on link: LinkIndex) throws(NetlinkError) -> Self {
        let addresses = Set(targets.flatMap { [$0.address, $0.gateway].compactMap(\.self) })
        let ipv4 = Set(addresses.compactMap { if case .v4(let address) = $0 { address } else { nil } })
        let ipv6 = Set(addresses.compactMap { if case .v6(let address) = $0 { address } else { nil } })
        let arp = try PacketSocket.open(.arp, on: link, filter: .arp(about: ipv4, on: link))
        let neighborDiscovery = try PacketSocket.open(
            .ipv6, on: link, filter: .neighborDiscovery(about: ipv6, on: link))
        if !ipv6.isEmpty {
            // Answers to duplicate address detection go to all nodes, concurrent questions to the group of their target.
            for group in Set([.linkLocalAllNodes] + ipv6.map(\.solicitedNodeMulticast)) {
                try neighborDiscovery.join(MACAddress(carrying: group))
            }
        }
        return Self(arp: arp, neighborDiscovery: neighborDiscovery)
    }

    borrowing func send(_ frame: LinkFrame) throws(NetlinkError) {
        switch frame.kind {
        case .arp: try arp.send(frame)
        case .ipv6: try neighborDiscovery.send(frame)
        }
    }

    /// Waits for frames until a moment, and takes those that have come.
    borrowing func receive(
        until deadline: MonotonicInstant, _ body: (LinkFrame) -> Void
    ) throws(NetlinkError) {
        try waitForInput(on: [arp.number, neighborDiscovery.number], until: deadline)
        for _ in 0..<Self.burst {
            guard let frame = try arp.receive() else { break }
            body(frame)
        }
        for _ in 0..<Self.burst {
            guard let frame = try neighborDiscovery.receive() else { break }
            body(frame)
        }
    }
}
