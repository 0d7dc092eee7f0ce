import Foundation
import Glibc
import IPAMCore
import NetlinkKit
import Testing

/// The probe on the kernel's network, with real neighbours.
@Suite
struct ProbeKernelTests {
    static let ipv4 = IPAddress.v4(IPv4Address(10, 6, 0, 9))
    static let ipv6 = IPAddress.v6(IPv6Address(0xfd00, 0x10, 6, 0, 0, 0, 0, 9))
    static let gateway4 = IPAddress.v4(IPv4Address(10, 6, 0, 1))
    static let gateway6 = IPAddress.v6(IPv6Address(0xfd00, 0x10, 6, 0, 0, 0, 0, 1))
    static let both = [ProbeTarget(ipv4), ProbeTarget(ipv6)]
    static let bothWithGateways = [ProbeTarget(ipv4, gateway: gateway4), ProbeTarget(ipv6, gateway: gateway6)]
    static let holder = ProbeVerdict.conflict(.neighbor(ProbeNetwork.mac(1)))

    /// Gives a host an address of each family, in the order of the last number.
    static func give(_ network: borrowing ProbeNetwork, _ host: Int, _ number: Int, link: String = "eth0") throws {
        try network.run(host, "ip addr add 10.6.0.\(number)/24 dev \(link)")
        try network.run(host, "ip addr add fd00:10:6::\(number)/64 dev \(link) nodad")
    }

    @Test
    func findsTheHolder() throws {
        let network = try ProbeNetwork(hosts: 2)
        try Self.give(network, 1, 9)
        #expect(try network.probe(0, Self.both) == [Self.holder, Self.holder])
    }

    @Test
    func freeAddressesAndLiveGatewaysLeaveNoTraceOfTheAddress() throws {
        let network = try ProbeNetwork(hosts: 3)
        try Self.give(network, 1, 1)
        try Self.give(network, 2, 2)
        // What a neighbour remembers of the former owner must stay as it is.
        let former = "02:00:00:00:00:77"
        for address in ["10.6.0.9", "fd00:10:6::9"] {
            try network.run(2, "ip neigh add \(address) lladdr \(former) dev eth0 nud stale")
        }
        let gateway = ProbeVerdict.reachable(ProbeNetwork.mac(1))
        #expect(try network.probe(0, Self.bothWithGateways) == [gateway, gateway])
        for address in ["10.6.0.9", "fd00:10:6::9"] {
            #expect(try network.neighbor(1, address).isEmpty)
            #expect(try network.neighbor(2, address) == former)
        }
        #expect(try network.run(0, "ip neigh show").isEmpty)
        #expect(try network.probe(0, Self.both) == [.free, .free])
    }

    @Test
    func aDeadGatewayIsUnreachable() throws {
        let network = try ProbeNetwork(hosts: 2)
        try Self.give(network, 1, 2)
        #expect(try network.probe(0, Self.bothWithGateways) == [.unreachable, .unreachable])
    }

    @Test
    func aGatewayThatAnswersNoProbesIsFoundAllTheSame() throws {
        // A router that answers for the gateway's address (proxy ARP) answers no sender without an address.
        let network = try ProbeNetwork(hosts: 2)
        try Self.give(network, 1, 2)
        for command in [
            "ip link add way type veth peer name back", "ip link set way up", "ip link set back up",
            "ip route add 10.6.0.1/32 dev way", "sysctl -qw net.ipv4.ip_forward=1",
            "sysctl -qw net.ipv4.conf.eth0.proxy_arp=1", "sysctl -qw net.ipv4.neigh.eth0.proxy_delay=0",
        ] { try network.run(1, command) }
        let verdicts = try network.probe(0, [ProbeTarget(Self.ipv4, gateway: Self.gateway4)])
        #expect(verdicts == [.reachable(ProbeNetwork.mac(1))])
    }

    @Test
    func oneFrameOfThreeIsEnough() throws {
        let network = try ProbeNetwork(hosts: 2)
        try Self.give(network, 1, 9)
        for command in [
            "nft add table arp t", "nft add table ip6 t",
            "nft 'add chain arp t in { type filter hook input priority 0; }'",
            "nft 'add chain ip6 t in { type filter hook input priority 0; }'",
            "nft add rule arp t in numgen inc mod 3 '<' 2 drop",
            "nft add rule ip6 t in icmpv6 type nd-neighbor-solicit numgen inc mod 3 '<' 2 drop",
        ] { try network.run(1, command) }
        #expect(try network.probe(0, Self.both) == [Self.holder, Self.holder])
    }

    @Test
    func ofTwoThatProbeAtOnceOneStepsBack() throws {
        let network = try ProbeNetwork(hosts: 2)
        let patient = ProbeSchedule(tries: 3, interval: .seconds(2), jitter: .zero)
        let works = try [0, 1].map { try network.start($0, Self.both, schedule: patient) }
        let verdicts = try works.map { try $0.value() }
        // Whoever hears the other stops asking, so the other may not hear of it.
        for family in 0...1 {
            let seen = [verdicts[0][family], verdicts[1][family]]
            #expect(seen[0] == .free || seen[0] == .conflict(.neighbor(ProbeNetwork.mac(1))))
            #expect(seen[1] == .free || seen[1] == .conflict(.neighbor(ProbeNetwork.mac(0))))
            #expect(seen != [.free, .free])
        }
    }

    @Test
    func aFloodOfOtherFramesNeitherHidesNorDelays() throws {
        let network = try ProbeNetwork(hosts: 3)
        try Self.give(network, 1, 9)
        let others = (100..<110).flatMap { number in
            [
                IPAddress.v4(IPv4Address(10, 6, 0, UInt8(number))),
                .v6(IPv6Address(0xfd00, 0x10, 6, 0, 0, 0, 0, UInt16(number))),
            ]
        }
        let index = try network.index(2)
        let stop = Shared(false)
        let flood = network.start(2) { () throws(NetlinkError) in
            let announcement = AddressAnnouncement(of: others, at: ProbeNetwork.mac(2))
            while !stop.withLock({ $0 }) { try announcement.send(on: index, times: 500, interval: .zero) }
        }
        let free = [
            ProbeTarget(.v4(IPv4Address(10, 6, 0, 50))), ProbeTarget(.v6(IPv6Address(0xfd00, 0x10, 6, 0, 0, 0, 0, 50))),
        ]
        let verdicts = try network.probe(0, Self.both + free)
        stop.withLock { $0 = true }
        try flood.value()
        #expect(verdicts == [Self.holder, Self.holder, .free, .free])
    }

    // MARK: The link

    @Test
    func waitsForTheCarrier() throws {
        let network = try ProbeNetwork(hosts: 2)
        try Self.give(network, 1, 9)
        try network.runOnSwitch("ip link set p0 down")
        let probe = try network.start(0, Self.both, carrierWait: .seconds(20))
        try network.run(1, "ping -c 1 -W 1 10.6.0.9")  // some time goes by
        #expect(!probe.isDone)
        try network.runOnSwitch("ip link set p0 up")
        #expect(try probe.value() == [Self.holder, Self.holder])
    }

    @Test
    func withoutCarrierNothingIsCalledFree() throws {
        let network = try ProbeNetwork(hosts: 1)
        try network.runOnSwitch("ip link set p0 down")
        let probe = try network.start(0, Self.both, carrierWait: .milliseconds(100))
        let error = #expect(throws: NetlinkError.self) { try probe.value() }
        #expect(error?.code == .timedOut)
        #expect(error?.operation.hasPrefix("wait for carrier of link") == true)
    }

    @Test
    func aLinkThatGoesAwayIsAnError() throws {
        let network = try ProbeNetwork(hosts: 1)
        let patient = ProbeSchedule(tries: 3, interval: .seconds(8), jitter: .zero)
        let probe = try network.start(0, Self.both, schedule: patient)
        try network.runOnSwitch("ip link del p0")
        let error = #expect(throws: NetlinkError.self) { try probe.value() }
        #expect(error?.code != .timedOut)
    }

    @Test
    func theDeadlineEndsAProbe() throws {
        let network = try ProbeNetwork(hosts: 1)
        let index = try network.index(0)
        let work = network.start(0) { () throws(NetlinkError) in
            try AddressProbe.run(
                Self.both, on: ProbeLink(index, mac: ProbeNetwork.mac(0)), by: MonotonicInstant.now + .milliseconds(20))
        }
        let error = #expect(throws: NetlinkError.self) { try work.value() }
        #expect(error?.code == .timedOut)
    }

    @Test
    func signalsNeitherEndNorProlongIt() throws {
        let network = try ProbeNetwork(hosts: 1)
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in }
        #expect(sigaction(SIGUSR2, &action, nil) == 0)
        let index = try network.index(0)
        let thread = Shared<pthread_t?>(nil)
        let work = network.start(0) { () throws(NetlinkError) in
            thread.withLock { $0 = pthread_self() }
            // The handle must not be used after the end of the thread.
            defer { thread.withLock { $0 = nil } }
            return try AddressProbe.run(
                Self.both, on: ProbeLink(index, mac: ProbeNetwork.mac(0)), by: MonotonicInstant.now + .seconds(20))
        }
        var signals = 0
        while !work.isDone {
            thread.withLock { if let handle = $0, pthread_kill(handle, SIGUSR2) == 0 { signals += 1 } }
            sched_yield()
        }
        #expect(try work.value() == [.free, .free])
        #expect(signals > 10)
    }

    // MARK: Announcements

    @Test
    func announcementsCorrectWhatNeighboursKnow() throws {
        let network = try ProbeNetwork(hosts: 2)
        try Self.give(network, 0, 9)
        try Self.give(network, 1, 2)
        for address in ["10.6.0.9", "fd00:10:6::9"] {
            try network.run(1, "ip neigh replace \(address) lladdr 02:00:00:00:00:77 dev eth0 nud stale")
        }
        let index = try network.index(0)
        try network.start(0) { () throws(NetlinkError) in
            try AddressAnnouncement(of: [Self.ipv4, Self.ipv6], at: ProbeNetwork.mac(0))
                .send(on: index, times: 1)
        }.value()
        let mac = ProbeNetwork.mac(0).description
        for address in ["10.6.0.9", "fd00:10:6::9"] {
            // The frame has been delivered, but perhaps not yet looked at.
            var known = try network.neighbor(1, address)
            for _ in 0..<100 where known != mac { known = try network.neighbor(1, address) }
            #expect(known == mac)
        }
    }
}
