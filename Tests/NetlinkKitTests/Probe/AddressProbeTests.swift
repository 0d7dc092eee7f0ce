import IPAMCore
import NetlinkKit
import Testing

/// The probe in virtual time: nothing here waits.
@Suite
struct AddressProbeTests {
    static let mac = MACAddress(2, 0, 0, 0, 0, 1)
    static let other = MACAddress(2, 0, 0, 0, 0, 2)
    static let ipv4 = IPv4Address(10, 6, 0, 9)
    static let ipv6 = IPv6Address(0xfd00, 0x10, 6, 0, 0, 0, 0, 9)
    static let gateway4 = IPv4Address(10, 6, 0, 1)
    static let gateway6 = IPv6Address(0xfd00, 0x10, 6, 0, 0, 0, 0, 1)

    static let exact = ProbeSchedule(tries: 3, interval: .milliseconds(70), jitter: .zero)

    /// A probe, its clock in milliseconds, and all that it sent.
    struct Run {
        var probe: AddressProbe
        var sent: [(milliseconds: Int, frame: LinkFrame)] = []
        var now = 0

        init(_ targets: [ProbeTarget], node: Set<IPAddress> = [], schedule: ProbeSchedule = exact, seed: UInt64 = 1) {
            probe = AddressProbe(
                targets, mac: mac, nodeAddresses: node, schedule: schedule, seed: seed,
                start: MonotonicInstant(sinceBoot: .zero))
        }

        private var instant: MonotonicInstant { MonotonicInstant(sinceBoot: .milliseconds(now)) }

        /// Goes on from deadline to deadline, until a moment.
        mutating func go(to end: Int = 100_000) {
            while let next = probe.nextDeadline, next.sinceBoot <= .milliseconds(end) {
                let (seconds, attoseconds) = next.sinceBoot.components
                let wholes = Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
                now = max(now, wholes + (attoseconds % 1_000_000_000_000_000 == 0 ? 0 : 1))
                for frame in probe.advance(to: instant) { sent.append((now, frame)) }
            }
            if end < 100_000 { now = end }
        }

        mutating func hear(_ frame: LinkFrame) { probe.receive(frame, at: instant) }

        mutating func hear(_ packet: ARPPacket) {
            hear(LinkFrame(.arp, peer: packet.senderMAC, payload: packet.octets))
        }

        mutating func hear(_ message: NeighborAdvertisement, from peer: MACAddress = other) {
            hear(LinkFrame(.ipv6, peer: peer, payload: message.octets))
        }

        mutating func hear(_ message: NeighborSolicitation, from peer: MACAddress = other) {
            hear(LinkFrame(.ipv6, peer: peer, payload: message.octets))
        }

        var verdicts: [ProbeVerdict?] { probe.targets.map { probe.verdict(on: $0) } }
        var isOver: Bool { probe.nextDeadline == nil }
        var times: [Int] { sent.map(\.milliseconds) }
        var arp: [ARPPacket] {
            sent.filter { $0.frame.kind == .arp }.compactMap { ARPPacket(reading: $0.frame.payload) }
        }
        var solicitations: [NeighborSolicitation] {
            sent.filter { $0.frame.kind == .ipv6 }.compactMap { NeighborSolicitation(reading: $0.frame.payload) }
        }
    }

    // MARK: Nobody answers

    @Test
    func silenceAfterThreeFramesMeansFree() {
        var run = Run([ProbeTarget(.v4(Self.ipv4)), ProbeTarget(.v6(Self.ipv6))])
        run.go(to: 209)
        #expect(run.times == [0, 0, 70, 70, 140, 140])
        #expect(run.verdicts == [nil, nil])
        run.go()
        #expect(run.now == 210 && run.isOver)
        #expect(run.verdicts == [.free, .free])
        #expect(run.arp == [ARPPacket](repeating: .probe(for: Self.ipv4, from: Self.mac), count: 3))
        #expect(run.sent.allSatisfy { $0.frame.kind == .ipv6 || $0.frame.peer == .broadcast })
    }

    @Test
    func duplicateAddressDetectionNamesNoSender() throws {
        var run = Run([ProbeTarget(.v6(Self.ipv6))])
        run.go()
        #expect(run.solicitations.count == 3)
        let nonce = try #require(run.solicitations[0].nonce)
        let expected = NeighborSolicitation(for: Self.ipv6, source: .unspecified, nonce: nonce)
        #expect(run.solicitations == [expected, expected, expected])
        #expect(run.sent.allSatisfy { $0.frame.peer == MACAddress(0x33, 0x33, 0xff, 0, 0, 9) })
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func theStandardScheduleEndsWithin210Milliseconds(seed: UInt64) {
        var run = Run([ProbeTarget(.v4(Self.ipv4))], schedule: ProbeSchedule(), seed: seed)
        run.go()
        #expect(run.verdicts == [.free])
        #expect((180...213).contains(run.now))
        #expect(zip(run.times, run.times.dropFirst()).allSatisfy { (60...71).contains($1 - $0) })
    }

    // MARK: Somebody answers

    struct ARPRow: CustomTestStringConvertible {
        let testDescription: String
        let packet: ARPPacket
        let verdict: ProbeVerdict?
    }

    // RFC 5227 §2.1.1.
    @Test(arguments: [
        ARPRow(
            testDescription: "reply of the owner",
            packet: ARPPacket(.reply, senderMAC: other, senderIP: ipv4, targetMAC: mac, targetIP: .unspecified),
            verdict: .conflict(.neighbor(other))),
        ARPRow(
            testDescription: "request of the owner",
            packet: ARPPacket(.request, senderMAC: other, senderIP: ipv4, targetIP: gateway4),
            verdict: .conflict(.neighbor(other))),
        ARPRow(
            testDescription: "announcement", packet: .announcement(of: ipv4, at: other),
            verdict: .conflict(.neighbor(other))),
        ARPRow(
            testDescription: "probe of somebody else", packet: .probe(for: ipv4, from: other),
            verdict: .conflict(.neighbor(other))),
        ARPRow(testDescription: "our own probe, reflected", packet: .probe(for: ipv4, from: mac), verdict: nil),
        ARPRow(testDescription: "our own announcement", packet: .announcement(of: ipv4, at: mac), verdict: nil),
        ARPRow(
            testDescription: "somebody looks for the address",
            packet: ARPPacket(.request, senderMAC: other, senderIP: gateway4, targetIP: ipv4), verdict: nil),
        ARPRow(
            testDescription: "reply to a probe, from nobody",
            packet: ARPPacket(.reply, senderMAC: other, senderIP: .unspecified, targetIP: ipv4), verdict: nil),
        ARPRow(testDescription: "probe for another", packet: .probe(for: gateway4, from: other), verdict: nil),
    ])
    func weighsARP(row: ARPRow) {
        var run = Run([ProbeTarget(.v4(Self.ipv4))])
        run.go(to: 5)
        run.hear(row.packet)
        #expect(run.verdicts == [row.verdict])
        #expect(run.isOver == (row.verdict != nil), "a conflict ends the probe at once")
    }

    struct NeighborRow: CustomTestStringConvertible {
        let testDescription: String
        let hear: @Sendable (inout Run) -> Void
        let verdict: ProbeVerdict?

        init(_ description: String, _ verdict: ProbeVerdict?, _ hear: @escaping @Sendable (inout Run) -> Void) {
            testDescription = description
            self.hear = hear
            self.verdict = verdict
        }
    }

    // RFC 4862 §5.4.3 and §5.4.4, RFC 7527 §4.2.
    @Test(arguments: [
        NeighborRow("advertisement of the owner", .conflict(.neighbor(other))) {
            $0.hear(.announcement(of: ipv6, at: other))
        },
        NeighborRow("advertisement without the owner's address", .conflict(.neighbor(other))) {
            $0.hear(
                NeighborAdvertisement(
                    of: ipv6, source: ipv6, destination: .linkLocalAllNodes, flags: [], targetMAC: nil))
        },
        NeighborRow("advertisement of another address", nil) { $0.hear(.announcement(of: gateway6, at: other)) },
        NeighborRow("concurrent detection", .conflict(.neighbor(other))) {
            $0.hear(NeighborSolicitation(for: ipv6, source: .unspecified, nonce: 1))
        },
        NeighborRow("concurrent detection without a nonce", .conflict(.neighbor(other))) {
            $0.hear(NeighborSolicitation(for: ipv6, source: .unspecified))
        },
        NeighborRow("the owner looks for somebody", .conflict(.neighbor(other))) {
            $0.hear(NeighborSolicitation(for: gateway6, source: ipv6, sourceMAC: other))
        },
        NeighborRow("somebody looks for the address", nil) {
            $0.hear(NeighborSolicitation(for: ipv6, source: gateway6, sourceMAC: other))
        },
        NeighborRow("our own solicitation, reflected", nil) {
            let own = $0.sent[0].frame
            $0.hear(LinkFrame(.ipv6, peer: mac, payload: own.payload))
        },
        NeighborRow("our own solicitation, reflected with another sender", nil) {
            let own = $0.sent[0].frame
            $0.hear(LinkFrame(.ipv6, peer: other, payload: own.payload))
        },
        NeighborRow("octets that are nothing", nil) { $0.hear(LinkFrame(.ipv6, peer: other, payload: [0x60, 1])) },
    ])
    func weighsNeighborDiscovery(row: NeighborRow) {
        var run = Run([ProbeTarget(.v6(Self.ipv6))])
        run.go(to: 5)
        row.hear(&run)
        #expect(run.verdicts == [row.verdict])
        #expect(run.isOver == (row.verdict != nil))
    }

    @Test
    func anAnswerToTheLastFrameCounts() {
        var run = Run([ProbeTarget(.v4(Self.ipv4))])
        run.go(to: 209)
        run.hear(ARPPacket(.reply, senderMAC: Self.other, senderIP: Self.ipv4, targetIP: .unspecified))
        #expect(run.verdicts == [.conflict(.neighbor(Self.other))])
    }

    @Test
    func anAddressOfTheNodeIsComparedAndNotAskedFor() {
        var run = Run([ProbeTarget(.v4(Self.ipv4)), ProbeTarget(.v6(Self.ipv6))], node: [.v4(Self.ipv4)])
        run.go()
        #expect(run.verdicts == [.conflict(.node), .free])
        #expect(run.arp.isEmpty)
    }

    @Test
    func addressesAreJudgedOneByOne() {
        let second = IPv4Address(10, 6, 0, 10)
        var run = Run([ProbeTarget(.v4(Self.ipv4)), ProbeTarget(.v4(second))])
        run.go(to: 10)
        run.hear(.announcement(of: second, at: Self.other))
        #expect(run.verdicts == [nil, .conflict(.neighbor(Self.other))])
        run.go()
        #expect(run.verdicts == [.free, .conflict(.neighbor(Self.other))])
        #expect(run.arp.map(\.targetIP) == [Self.ipv4, second, Self.ipv4, Self.ipv4])
    }

    // MARK: Gateways

    @Test
    func theGatewayIsAskedAfterTheAddressIsFoundFree() {
        var run = Run([ProbeTarget(.v4(Self.ipv4), gateway: .v4(Self.gateway4))])
        run.go(to: 211)
        #expect(run.arp.map(\.targetIP) == [Self.ipv4, Self.ipv4, Self.ipv4, Self.gateway4])
        #expect(run.times == [0, 70, 140, 210])
        run.hear(
            ARPPacket(
                .reply, senderMAC: Self.other, senderIP: Self.gateway4, targetMAC: Self.mac, targetIP: .unspecified))
        #expect(run.isOver)
        #expect(run.verdicts == [.reachable(Self.other)])
    }

    @Test
    func aGatewayThatIsSilentThreeTimesIsUnreachable() {
        var run = Run([ProbeTarget(.v4(Self.ipv4), gateway: .v4(Self.gateway4))])
        run.go(to: 419)
        #expect(run.verdicts == [nil])
        run.go()
        #expect(run.verdicts == [.unreachable])
        #expect(run.times == [0, 70, 140, 210, 280, 350] && run.now == 420)
        // Only the last question names the candidate, for gateways that answer no probes.
        #expect(
            run.arp.map(\.senderIP) == [
                .unspecified, .unspecified, .unspecified, .unspecified, .unspecified, Self.ipv4,
            ])
    }

    @Test
    func withoutConflictDetectionNobodyIsToldTheAddress() {
        var run = Run([ProbeTarget(.v4(Self.ipv4), detectsConflict: false, gateway: .v4(Self.gateway4))])
        run.go()
        #expect(run.times == [0, 70, 140])
        #expect(run.arp.allSatisfy { $0.senderIP == .unspecified && $0.targetIP == Self.gateway4 })
        #expect(run.verdicts == [.unreachable])
    }

    @Test
    func anIPv6GatewayIsAskedFromALinkLocalAddress() {
        var run = Run([ProbeTarget(.v6(Self.ipv6), detectsConflict: false, gateway: .v6(Self.gateway6))])
        run.go(to: 5)
        let expected = NeighborSolicitation(
            for: Self.gateway6, source: Self.mac.linkLocalAddress, sourceMAC: Self.mac)
        #expect(run.solicitations == [expected])
        run.hear(.announcement(of: Self.gateway6, at: Self.other))
        #expect(run.verdicts == [.reachable(Self.other)] && run.isOver)
    }

    @Test
    func theGatewayOfAConflictingAddressIsNotAsked() {
        var run = Run([
            ProbeTarget(.v4(Self.ipv4), gateway: .v4(Self.gateway4)),
            ProbeTarget(.v6(Self.ipv6), gateway: .v6(Self.gateway6)),
        ])
        run.go(to: 100)
        run.hear(.announcement(of: Self.ipv4, at: Self.other))
        run.go()
        #expect(run.verdicts == [.conflict(.neighbor(Self.other)), .unreachable])
        #expect(!run.arp.contains { $0.targetIP == Self.gateway4 })
        #expect(run.solicitations.filter { $0.target == Self.gateway6 }.count == 3)
    }

    @Test
    func oneGatewayOfTwoAddressesIsAskedOnce() {
        let targets = [9, 10].map { ProbeTarget(.v4(IPv4Address(10, 6, 0, $0)), gateway: .v4(Self.gateway4)) }
        var run = Run(targets)
        run.go(to: 211)
        #expect(run.arp.filter { $0.targetIP == Self.gateway4 }.count == 1)
        run.hear(ARPPacket(.reply, senderMAC: Self.other, senderIP: Self.gateway4, targetIP: .unspecified))
        #expect(run.verdicts == [.reachable(Self.other), .reachable(Self.other)])
    }

    @Test
    func aConflictThatShowsLateStillCounts() {
        var run = Run([ProbeTarget(.v4(Self.ipv4), gateway: .v4(Self.gateway4))])
        run.go(to: 250)
        run.hear(.announcement(of: Self.ipv4, at: Self.other))
        #expect(run.verdicts == [.conflict(.neighbor(Self.other))])
    }

    @Test
    func nothingToFindOutIsOverAtOnce() {
        #expect(Run([]).isOver)
        let run = Run([ProbeTarget(.v4(Self.ipv4), detectsConflict: false)])
        #expect(run.isOver && run.verdicts == [.free])
    }

    @Test
    func announcementsNameTheAddressAndReplaceWhatIsKnown() throws {
        let frames = AddressAnnouncement(of: [.v4(Self.ipv4), .v6(Self.ipv6)], at: Self.mac).frames
        #expect(frames.map(\.peer) == [.broadcast, MACAddress(0x33, 0x33, 0, 0, 0, 1)])
        let packet = try #require(ARPPacket(reading: frames[0].payload))
        #expect(packet.operation == .request && packet.senderIP == Self.ipv4 && packet.targetIP == Self.ipv4)
        #expect(packet.senderMAC == Self.mac)
        let message = try #require(NeighborAdvertisement(reading: frames[1].payload))
        #expect(message.flags == .override && message.target == Self.ipv6 && message.source == Self.ipv6)
        #expect(message.targetMAC == Self.mac && message.destination == .linkLocalAllNodes)
    }
}
