import JSONTree
import Testing

/// Pods whose first interface belongs to an overlay network, with underlay interfaces beside it.
@Suite struct OverlayStateTests {
    /// A Pod with an `eth0` as Calico makes it.
    static func pod(_ lab: CoordinatorLab) throws -> LabPod {
        let pod = try lab.pod()
        try pod.plugOverlay()
        return pod
    }

    /// The Pod with `net1`, and what a test says about the choice of the default route.
    static func pod(_ lab: CoordinatorLab, net1 keys: JSONObject) throws -> LabPod {
        let pod = try pod(lab)
        try pod.plug("net1", "ens1", ["172.22.4.20/16"])
        let added = try pod.add("net1", keys)
        #expect(added.document == pod.result("net1"))
        return pod
    }

    static let hijacked = ["10.96.0.0/12", "10.244.0.0/16", "169.254.0.0/16"]

    /// Routes to the node over `eth0` in a table.
    static func nodeRoutes(_ table: String, isWithHijack: Bool) -> String {
        var text = """
            \(table)/4 172.22.0.11 dev eth0 scope link src 10.244.3.7
            \(table)/4 172.23.0.11 dev eth0 scope link src 10.244.3.7

            """
        for cidr in isWithHijack ? hijacked : [] {
            text += "\(table)/4 \(cidr) via 172.22.0.11 dev eth0 src 10.244.3.7\n"
        }
        return text
    }

    static let always =
        nodeRoutes("main", isWithHijack: true) + """
            link eth0 mtu 1500 up
            addr 10.244.3.7/32 dev eth0
            addr 172.22.4.20/16 dev net1
            main/4 169.254.1.1 dev eth0 scope link
            main/4 172.22.0.0/16 dev net1 proto kernel scope link src 172.22.4.20
            neigh 172.22.0.11 dev eth0 lladdr HH
            neigh 172.23.0.11 dev eth0 lladdr HH

            """

    static let calico =
        always + nodeRoutes("101", isWithHijack: false) + """
            link net1 mtu 1500 up alias spiderpool:table=101,first
            rule/4 1100 from 10.244.3.7 lookup 100
            rule/4 1101 from 172.22.4.20 lookup 101
            main/4 default via 169.254.1.1 dev eth0
            100/4 default via 169.254.1.1 dev eth0
            101/4 default via 172.22.0.1 dev net1
            101/4 172.22.0.0/16 dev net1 proto kernel scope link src 172.22.4.20

            """

    static let net2 =
        nodeRoutes("102", isWithHijack: true) + """
            link net2 mtu 1500 up alias spiderpool:table=102
            addr 172.23.4.20/16 dev net2
            rule/4 1102 from 172.23.4.20 lookup 102
            main/4 172.23.0.0/16 dev net2 proto kernel scope link src 172.23.4.20
            102/4 default via 172.23.0.1 dev net2
            102/4 172.23.0.0/16 dev net2 proto kernel scope link src 172.23.4.20

            """

    /// The node, whose route to `eth0` is Calico's.
    ///
    /// As long as there are addresses of other interfaces, the link has a mark by which they are found again.
    static func node(_ addresses: String..., hostLink: String = "calid00d", eth0: String = "10.244.3.7") -> String {
        let mark = addresses.isEmpty ? "" : "alias spiderpool:9f8e7d6c5b4a39:net1:underlay"
        var text = """
            link \(hostLink) mtu 1500 up \(mark)
            main/4 \(eth0) dev \(hostLink) scope link
            rule/4 1000 lookup 500

            """
        for address in addresses {
            text += """
                500/4 \(address) dev \(hostLink) scope link
                neigh \(address) dev \(hostLink) lladdr PP

                """
        }
        return text
    }

    @Test func calicoAndOneUnderlayInterface() throws {
        let lab = try CoordinatorLab()
        let pod = try Self.pod(lab, net1: [:])
        expect(try pod.state(), is: Self.calico)
        expect(try lab.nodeState(pod), is: Self.node("172.22.4.20"))
        #expect(try pod.packetTables() == [])
    }

    @Test func calicoAndTwoUnderlayInterfaces() throws {
        let lab = try CoordinatorLab()
        let pod = try Self.pod(lab, net1: [:])
        try pod.plug("net2", "ens2", ["172.23.4.20/16"])
        try pod.add("net2")
        expect(try pod.state(), is: Self.calico + Self.net2)
        expect(try lab.nodeState(pod), is: Self.node("172.22.4.20", "172.23.4.20"))
    }

    /// Both families: the default routes of IPv6 were one with two ways, and the overlay's gateway is link-local.
    @Test func calicoOfBothFamilies() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.pod()
        try pod.plugOverlay(ipv6: "fd00:244::7")
        try pod.plug("net1", "ens1", ["172.22.4.20/16", "fd00:22::20/64"])
        for _ in 1...2 {
            try pod.add("net1")
            expect(
                try pod.state(),
                is: Self.calico + """
                    addr fd00:244::7/128 dev eth0
                    addr fd00:22::20/64 dev net1
                    rule/6 1100 from fd00:244::7 lookup 100
                    rule/6 1101 from fd00:22::20 lookup 101
                    main/6 default via fe80::ecee:eeff:feee:eeee dev eth0
                    main/6 fd00:244::7 dev eth0 proto kernel metric 256
                    main/6 fd00:22::/64 dev net1 proto kernel metric 256
                    main/6 fd00:22::11 dev eth0 src fd00:244::7
                    main/6 fd00:23::11 dev eth0 src fd00:244::7
                    main/6 fd00:96::/112 via fd00:22::11 dev eth0
                    main/6 fd00:244::/56 via fd00:22::11 dev eth0
                    100/6 default via fe80::ecee:eeff:feee:eeee dev eth0
                    101/6 default via fd00:22::1 dev net1
                    101/6 fd00:22::/64 dev net1 proto kernel metric 256
                    101/6 fd00:22::11 dev eth0 src fd00:244::7
                    101/6 fd00:23::11 dev eth0 src fd00:244::7
                    neigh fd00:22::11 dev eth0 lladdr HH
                    neigh fd00:23::11 dev eth0 lladdr HH
                    """)
        }
        expect(
            try lab.nodeState(pod),
            is: Self.node("172.22.4.20") + """
                main/6 fd00:244::7 dev calid00d
                rule/6 1000 lookup 500
                500/6 fd00:22::20 dev calid00d
                neigh fd00:22::20 dev calid00d lladdr PP
                """)
        for kind in Endpoint.Kind.allCases {
            for address in ["fd00:244::7", "fd00:22::20"] {
                #expect(
                    try Traffic.ask(kind, from: lab.node, "fd00:22::11", to: pod.space, address) == "fd00:22::11",
                    "→ \(address) \(kind)")
            }
            #expect(
                try Traffic.ask(kind, from: pod.space, "fd00:244::7", to: lab.node, "fd00:23::11") == "fd00:244::7")
        }
    }

    /// Links of others in the Pod neither shift tables nor decide which interface comes first.
    @Test func linksOfOthers() throws {
        let lab = try CoordinatorLab()
        let pod = try Self.pod(lab)
        try pod.space.ip("link add other1 type veth peer name other2\nlink set other1 up\nlink set other2 up")
        try pod.plug("net1", "ens1", ["172.22.4.20/16"])
        try pod.add("net1")
        expect(try pod.state().without { $0.contains("other") }, is: Self.calico)
    }

    /// The lines without the marks that coordinator leaves on links for itself.
    static func withoutAlias(_ state: KernelState) -> KernelState {
        KernelState(lines: state.lines.map { String($0.split(separator: " alias ")[0]) })
    }

    static let net1IsDefault =
        always + nodeRoutes("101", isWithHijack: true) + """
            link net1 mtu 1500 up
            rule/4 1101 from 10.244.3.7 lookup 101
            main/4 default via 172.22.0.1 dev net1
            101/4 default via 169.254.1.1 dev eth0
            101/4 169.254.1.1 dev eth0 scope link

            """

    @Test func theUnderlayInterfaceIsTheDefault() throws {
        let lab = try CoordinatorLab()
        let pod = try Self.pod(lab, net1: ["podDefaultRouteNic": "net1"])
        expect(Self.withoutAlias(try pod.state()), is: Self.net1IsDefault)
        try pod.plug("net2", "ens2", ["172.23.4.20/16"])
        try pod.add("net2", ["podDefaultRouteNic": "net1"])
        expect(
            Self.withoutAlias(try pod.state()),
            is: Self.withoutAlias(KernelState(text: Self.net1IsDefault + Self.net2)))
    }

    @Test func theSecondUnderlayInterfaceBecomesTheDefault() throws {
        let lab = try CoordinatorLab()
        let pod = try Self.pod(lab, net1: [:])
        try pod.plug("net2", "ens2", ["172.23.4.20/16"])
        try pod.add("net2", ["podDefaultRouteNic": "net2"])
        let state = try pod.state()
        #expect(state.lines("main/4 default") == ["main/4 default via 172.23.0.1 dev net2"])
        #expect(
            state.lines("rule/4") == [
                "rule/4 1101 from 172.22.4.20 lookup 101", "rule/4 1102 from 10.244.3.7 lookup 102",
            ])
        #expect(state.lines("100/4") == [])
        #expect(state.lines("101/4 default") == ["101/4 default via 172.22.0.1 dev net1"])
        #expect(state.lines("102/4 default") == ["102/4 default via 169.254.1.1 dev eth0"])
        #expect(state.lines("102/4 169.254.1.1") == ["102/4 169.254.1.1 dev eth0 scope link"])
    }

    @Test func attributesOfTheDefaultRouteAreKept() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.pod()
        try pod.plugOverlay("10.0.1.20", router: "10.0.1.99", hostLink: "lxc12345", attributes: "mtu 1450 advmss 1400")
        try pod.plug("net1", "ens1", ["172.22.4.20/16"])
        try pod.add("net1")
        let state = try pod.state()
        for table in ["100/4", "main/4"] {
            let attributes = KernelState(lines: state.lines("\(table) default")).lines
            #expect(attributes.count == 1)
            #expect(attributes.first?.hasPrefix("\(table) default via 10.0.1.99 dev eth0") == true)
            #expect(attributes.first?.contains(" mtu 1450") == true, "\(attributes)")
            #expect(attributes.first?.contains(" advmss 1400") == true, "\(attributes)")
        }
        #expect(state.lines("rule/4 1100") == ["rule/4 1100 from 10.0.1.20 lookup 100"])
        expect(
            try lab.nodeState(pod), is: Self.node("172.22.4.20", hostLink: "lxc12345", eth0: "10.0.1.20"))
    }

    @Test func aDefaultRouteWhoseGatewayIsOnLink() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.pod()
        try pod.plugOverlay(isOnLink: true)
        try pod.plug("net1", "ens1", ["172.22.4.20/16"])
        try pod.add("net1")
        let state = try pod.state()
        #expect(state.lines("100/4") == ["100/4 default via 169.254.1.1 dev eth0 onlink"])
        #expect(state.lines("main/4 default") == ["main/4 default via 169.254.1.1 dev eth0 onlink"])
        #expect(state.lines("101/4 default") == ["101/4 default via 172.22.0.1 dev net1"])
    }

    @Test func withoutTuning() throws {
        let lab = try CoordinatorLab()
        let pod = try Self.pod(lab, net1: ["tunePodRoutes": false])
        let state = try pod.state()
        #expect(state.lines("main/4 default").count == 2)
        #expect(state.lines.filter { $0.hasPrefix("rule/") || $0.hasPrefix("100/") } == [])
        #expect(state.lines("101/4 default") == [])
    }

    // MARK: Modes that do not fit

    /// An ADD that must be refused and change nothing.
    static func expectRefused(
        _ lab: CoordinatorLab, _ pod: LabPod, _ nic: String, _ keys: JSONObject, containing texts: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let (before, nodeBefore) = (try pod.state(), try lab.nodeState(pod))
        let refused = try pod.call("ADD", nic, keys)
        #expect(refused.status == 1, sourceLocation: sourceLocation)
        for text in texts {
            #expect(refused.refusal.contains(text), "\(refused.refusal)", sourceLocation: sourceLocation)
        }
        expect(try pod.state(), is: before, sourceLocation: sourceLocation)
        expect(try lab.nodeState(pod), is: nodeBefore, sourceLocation: sourceLocation)
    }

    @Test func underlayBesideAnOverlayInterfaceIsRefused() throws {
        let lab = try CoordinatorLab()
        let pod = try Self.pod(lab)
        try pod.plug("net1", "ens1", ["172.22.4.20/16"])
        try Self.expectRefused(
            lab, pod, "net1", ["mode": "underlay"],
            containing: "net1", "in underlay mode", "was not created by previous interface")
    }

    @Test func overlayForTheFirstInterfaceIsRefused() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.pod()
        try pod.plug("eth0", "ens1", ["172.22.4.10/16"])
        try Self.expectRefused(
            lab, pod, "eth0", ["mode": "overlay"], containing: "in overlay mode",
            "current interface is first interface")
    }

    @Test func overlayBesideAnUnderlayInterfaceIsRefused() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.underlayPod()
        try pod.plug("net1", "ens2", ["172.23.4.10/16"])
        try Self.expectRefused(
            lab, pod, "net1", ["mode": "overlay"], containing: "in overlay mode",
            "auxiliary interface veth0 of underlay mode exists")
    }

    // MARK: DEL

    @Test func deletingAnUnderlayInterfaceLeavesNothingOnTheNode() throws {
        let lab = try CoordinatorLab()
        let pod = try Self.pod(lab, net1: [:])
        try pod.plug("net2", "ens2", ["172.23.4.20/16"])
        try pod.add("net2")
        try pod.delete("net2")
        try pod.unplug("net2")
        expect(try pod.state(), is: Self.calico)
        expect(try lab.nodeState(pod), is: Self.node("172.22.4.20"))
        for _ in 1...2 {
            try pod.delete("net1")
            expect(try lab.nodeState(pod), is: Self.node())
            #expect(try pod.state().lines.filter { $0.contains("lookup 101") || $0.hasPrefix("101/4") } == [])
        }
    }
}
