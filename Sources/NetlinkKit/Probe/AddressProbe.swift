public import IPAMCore

/// Finds out whether addresses are free and gateways answer, without a clock and without a socket.
///
/// Time and received frames go in, frames to be sent and the next moment to be called come out. ``run(_:on:schedule:carrierWait:seed:by:)`` connects it
/// to the network.
///
/// For each family, all addresses are asked for first: three ARP probes (RFC 5227) or three solicitations of duplicate
/// address detection (RFC 4862), and whoever answers, claims or probes the address at the same time ends the question. Only
/// when the questions of a family are closed are the gateways of its free addresses asked. No frame but the last to an IPv4
/// gateway names a candidate as its sender: see <doc:HowProbingWorks>.
public struct AddressProbe: Sendable {
    /// What is to be found out.
    public let targets: [ProbeTarget]

    private let mac: MACAddress
    private let schedule: ProbeSchedule
    private let nonce: UInt64
    private var random: SplitMix64
    private var rounds: [Round] = []
    private var holders: [IPAddress: ProbeVerdict.Holder] = [:]
    private var gateways: [IPAddress: MACAddress] = [:]

    private enum Question: Hashable {
        case whoHas(IPAddress)
        case gateway(IPAddress)
    }

    private struct Round {
        let question: Question
        var sent = 0
        /// When the next frame is sent, or, after the last, when silence is the answer.
        var due: MonotonicInstant
        var isOpen = true
    }

    /// Prepares a probe.
    ///
    /// - Parameters:
    ///   - targets: What is to be found out.
    ///   - mac: The hardware address of the link that is probed on; frames that come from it are ignored.
    ///   - nodeAddresses: Addresses that the node itself has. The links of containers often cannot reach their own node, so
    ///     they are compared.
    ///   - schedule: How often and how long is asked.
    ///   - seed: Decides jitter and nonce.
    ///   - start: When the first frames are sent.
    public init(
        _ targets: [ProbeTarget], mac: MACAddress, nodeAddresses: Set<IPAddress> = [],
        schedule: ProbeSchedule = ProbeSchedule(), seed: UInt64, start: MonotonicInstant
    ) {
        self.targets = targets
        self.mac = mac
        self.schedule = schedule
        random = SplitMix64(seed: seed)
        nonce = random.next() & 0xffff_ffff_ffff
        for target in targets where target.detectsConflict {
            if nodeAddresses.contains(target.address) {
                holders[target.address] = .node
            } else {
                open(.whoHas(target.address), at: start)
            }
        }
        openGatewayRounds(at: start)
    }

    /// When ``advance(to:)`` has something to do, whether or not frames arrive before; `nil` when all is found out.
    public var nextDeadline: MonotonicInstant? {
        rounds.lazy.filter(\.isOpen).map(\.due).min()
    }

    /// What is known about a target; `nil` as long as it is not.
    public func verdict(on target: ProbeTarget) -> ProbeVerdict? {
        if let holder = holders[target.address] { return .conflict(holder) }
        guard let gateway = target.gateway else {
            return isOpen(.whoHas(target.address)) ? nil : .free
        }
        guard let round = rounds.first(where: { $0.question == .gateway(gateway) }), !round.isOpen else { return nil }
        return gateways[gateway].map { .reachable($0) } ?? .unreachable
    }

    // MARK: Time

    /// Goes on to a moment.
    ///
    /// - Parameter now: The moment, not before the one of the last call.
    /// - Returns: What is to be sent at once.
    public mutating func advance(to now: MonotonicInstant) -> [LinkFrame] {
        var frames: [LinkFrame] = []
        var index = 0
        // Rounds that open on the way are appended, and reached.
        while index < rounds.count {
            if rounds[index].isOpen, rounds[index].due <= now {
                if rounds[index].sent < schedule.tries {
                    rounds[index].sent += 1
                    frames.append(frame(for: rounds[index]))
                    let jitter = random.next(through: UInt128(schedule.jitterNanoseconds))
                    rounds[index].due = now + schedule.interval + .nanoseconds(Int64(jitter))
                } else {
                    rounds[index].isOpen = false
                    openGatewayRounds(at: now)
                }
            }
            index += 1
        }
        return frames
    }

    private mutating func open(_ question: Question, at start: MonotonicInstant) {
        guard !rounds.contains(where: { $0.question == question }) else { return }
        rounds.append(Round(question: question, due: start))
    }

    private func isOpen(_ question: Question) -> Bool {
        rounds.contains { $0.question == question && $0.isOpen }
    }

    /// Asks for the gateways of free addresses, for each family as soon as none of its addresses is in question any more.
    private mutating func openGatewayRounds(at now: MonotonicInstant) {
        let undecided = targets.filter { isOpen(.whoHas($0.address)) }
        for target in targets where holders[target.address] == nil {
            guard let gateway = target.gateway,
                !undecided.contains(where: { $0.address.family == target.address.family })
            else { continue }
            open(.gateway(gateway), at: now)
        }
    }

    private mutating func close(_ question: Question, at now: MonotonicInstant) {
        for index in rounds.indices where rounds[index].question == question { rounds[index].isOpen = false }
        openGatewayRounds(at: now)
    }

    // MARK: Frames

    private func frame(for round: Round) -> LinkFrame {
        switch round.question {
        case .whoHas(.v4(let address)):
            return .broadcast(.probe(for: address, from: mac))
        case .whoHas(.v6(let address)):
            return .multicast(NeighborSolicitation(for: address, source: .unspecified, nonce: nonce))
        case .gateway(.v4(let gateway)):
            // Proxies do not answer probes, so the last question names a sender: an address that was just found free.
            guard round.sent == schedule.tries, let sender = freeAddress(with: .v4(gateway)) else {
                return .broadcast(.probe(for: gateway, from: mac))
            }
            return .broadcast(ARPPacket(.request, senderMAC: mac, senderIP: sender, targetIP: gateway))
        case .gateway(.v6(let gateway)):
            // From `::` it would be duplicate address detection, which costs a gateway that is just starting its address.
            return .multicast(NeighborSolicitation(for: gateway, source: mac.linkLocalAddress, sourceMAC: mac))
        }
    }

    private func freeAddress(with gateway: IPAddress) -> IPv4Address? {
        for target in targets where target.gateway == gateway && target.detectsConflict {
            if holders[target.address] == nil, case .v4(let address) = target.address { return address }
        }
        return nil
    }

    /// Takes notice of a frame.
    ///
    /// Whatever is no ARP packet, solicitation or advertisement is ignored, and so is everything that comes from the own
    /// hardware address, or carries the own nonce.
    ///
    /// - Parameters:
    ///   - frame: The frame; ``LinkFrame/peer`` is its sender.
    ///   - now: When it was received.
    public mutating func receive(_ frame: LinkFrame, at now: MonotonicInstant) {
        switch frame.kind {
        case .arp:
            guard let packet = ARPPacket(octets: frame.payload.span), packet.senderMAC != mac else { return }
            let isProbe = packet.senderIP == .unspecified && packet.operation == .request
            note(packet.senderMAC, uses: .v4(isProbe ? packet.targetIP : packet.senderIP), at: now)
            if packet.operation == .reply { answer(from: .v4(packet.senderIP), at: packet.senderMAC, now) }
        case .ipv6:
            guard frame.peer != mac else { return }
            if let message = NeighborAdvertisement(octets: frame.payload.span) {
                let owner = message.targetMAC ?? frame.peer
                guard owner != mac else { return }
                note(owner, uses: .v6(message.target), at: now)
                answer(from: .v6(message.target), at: owner, now)
            } else if let message = NeighborSolicitation(octets: frame.payload.span), message.nonce != nonce {
                note(frame.peer, uses: .v6(message.source.isUnspecified ? message.target : message.source), at: now)
            }
        }
    }

    private mutating func note(_ holder: MACAddress, uses address: IPAddress, at now: MonotonicInstant) {
        guard holders[address] == nil, targets.contains(where: { $0.address == address && $0.detectsConflict })
        else { return }
        holders[address] = .neighbor(holder)
        close(.whoHas(address), at: now)
    }

    private mutating func answer(from gateway: IPAddress, at mac: MACAddress, _ now: MonotonicInstant) {
        guard isOpen(.gateway(gateway)) else { return }
        gateways[gateway] = mac
        close(.gateway(gateway), at: now)
    }
}

extension LinkFrame {
    /// A packet for everybody on the link.
    static func broadcast(_ packet: ARPPacket) -> Self {
        Self(.arp, peer: .broadcast, payload: packet.octets)
    }

    /// A solicitation for the group that it is addressed to.
    static func multicast(_ message: NeighborSolicitation) -> Self {
        Self(.ipv6, peer: MACAddress(carrying: message.destination), payload: message.octets)
    }

    /// An advertisement for the group that it is addressed to.
    static func multicast(_ message: NeighborAdvertisement) -> Self {
        Self(.ipv6, peer: MACAddress(carrying: message.destination), payload: message.octets)
    }
}
