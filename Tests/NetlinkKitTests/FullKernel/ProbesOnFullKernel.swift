import NetlinkKit
import Testing

/// The probe on links that the machine's kernel may lack.
@Suite(.onFullKernel)
struct ProbesOnFullKernel {
    typealias Stand = ProbeKernelTests

    @Test
    func aVLANIsANetworkOfItsOwn() throws {
        let network = try ProbeNetwork(hosts: 2)
        for host in 0...1 {
            try network.run(host, "ip link add link eth0 name eth0.5 type vlan id 5")
            try network.run(host, "ip link set eth0.5 up")
        }
        // Linux answers ARP on any link for an address of another one, unless told not to.
        try network.run(1, "sysctl -qw net.ipv4.conf.all.arp_ignore=1")
        try Stand.give(network, 1, 9, link: "eth0.5")
        #expect(try network.probe(0, Stand.both, link: "eth0.5") == [Stand.holder, Stand.holder])
        #expect(try network.probe(0, Stand.both) == [.free, .free])
        // Nor are frames of a VLAN taken for ours that nobody here is in.
        let index = try network.index(1, "eth0.5")
        try network.run(0, "ip link del eth0.5")
        let stop = Shared(false)
        let claims = network.start(1) { () throws(NetlinkError) in
            let announcement = AddressAnnouncement(of: [Stand.ipv4, Stand.ipv6], at: ProbeNetwork.mac(1))
            while !stop.withLock({ $0 }) {
                try announcement.send(on: index, times: 2, interval: .milliseconds(10))
            }
        }
        let verdicts = try network.probe(0, Stand.both)
        stop.withLock { $0 = true }
        try claims.value()
        #expect(verdicts == [.free, .free])
    }
}
