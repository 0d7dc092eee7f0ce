import JSONTree
import Testing

/// ClusterIPs, with the node's rules as kube-proxy makes them.
@Suite struct ServiceTests {
    enum Proxy: CaseIterable, Sendable {
        case iptables
        case nftables
    }

    static let service = (ipv4: "10.96.0.10", ipv6: "fd00:96::a", port: UInt16(80))

    /// What kube-proxy does in iptables mode for one service with one endpoint; others are masqueraded than Pods of the cluster.
    static func iptables(_ cluster: String, _ service: String, _ endpoint: String, _ port: UInt16) -> String {
        let (host, target) = endpoint.contains(":") ? ("128", "[\(endpoint)]:\(port)") : ("32", "\(endpoint):\(port)")
        var text = """
            *nat
            :KUBE-SERVICES - [0:0]
            :KUBE-POSTROUTING - [0:0]
            :KUBE-MARK-MASQ - [0:0]
            :KUBE-SVC-TEST - [0:0]
            :KUBE-SEP-TEST - [0:0]
            -A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
            -A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
            -A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
            -A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
            -A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
            -A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0
            -A KUBE-POSTROUTING -j MASQUERADE --random-fully
            -A KUBE-SEP-TEST -s \(endpoint)/\(host) -j KUBE-MARK-MASQ

            """
        for kind in ["tcp", "udp"] {
            text += """
                -A KUBE-SERVICES -d \(service)/\(host) -p \(kind) -m \(kind) --dport 80 -j KUBE-SVC-TEST
                -A KUBE-SVC-TEST ! -s \(cluster) -d \(service)/\(host) -p \(kind) -m \(kind) --dport 80 -j KUBE-MARK-MASQ
                -A KUBE-SEP-TEST -p \(kind) -m \(kind) -j DNAT --to-destination \(target)

                """
        }
        return text + "-A KUBE-SVC-TEST -j KUBE-SEP-TEST\nCOMMIT\n"
    }

    /// The same in nftables mode, one table for each family, and without masquerading.
    static func nftables(_ family: String, _ service: String, _ endpoint: String, _ port: UInt16) -> String {
        """
        table \(family) kube-proxy {
            map service-ips {
                type \(family == "ip" ? "ipv4" : "ipv6")_addr . inet_proto . inet_service : verdict
                elements = { \(service) . tcp . 80 : goto endpoint, \(service) . udp . 80 : goto endpoint }
            }
            chain endpoint {
                meta l4proto tcp dnat to \(family == "ip" ? endpoint : "[\(endpoint)]"):\(port)
                meta l4proto udp dnat to \(family == "ip" ? endpoint : "[\(endpoint)]"):\(port)
            }
            chain services { \(family) daddr . meta l4proto . th dport vmap @service-ips; }
            chain nat-prerouting { type nat hook prerouting priority dstnat; jump services; }
            chain nat-output { type nat hook output priority -100; jump services; }
        }

        """
    }

    static func install(_ proxy: Proxy, on node: Space, endpoints: (ipv4: String, ipv6: String)) throws {
        switch proxy {
        case .iptables:
            try node.run(
                "iptables-restore", "--noflush",
                input: iptables("10.244.0.0/16", service.ipv4, endpoints.ipv4, 8080))
            try node.run(
                "ip6tables-restore", "--noflush",
                input: iptables("fd00:244::/56", service.ipv6, endpoints.ipv6, 8080))
        case .nftables:
            try node.run(
                "nft", "-f", "-",
                input: nftables("ip", service.ipv4, endpoints.ipv4, 8080)
                    + nftables("ip6", service.ipv6, endpoints.ipv6, 8080))
        }
    }

    /// From each of three interfaces to a service, whose endpoint is a Pod on the same node, with whatever default interface.
    @Test(arguments: Proxy.allCases, ["eth0", "net1"]) func clusterIPs(proxy: Proxy, owner: String) throws {
        let lab = try CoordinatorLab()
        let pod = try lab.underlayPod()
        try pod.plug("net1", "ens2", ["172.23.4.10/16", "fd00:23::a/64"])
        try pod.add("net1", ["podDefaultRouteNic": .string(owner)])
        try pod.plug("net2", "ens1", ["172.22.4.11/16", "fd00:22::b/64"])
        try pod.add("net2", ["podDefaultRouteNic": .string(owner)])
        let backend = try lab.pod("cccccccccccccc")
        try backend.plug("eth0", "ens1", ["172.22.4.50/16", "fd00:22::50/64"])
        try backend.add("eth0")
        let before = try lab.node.run("nft", "-s", "list", "ruleset")
        #expect(before.isEmpty)
        try Self.install(proxy, on: lab.node, endpoints: ("172.22.4.50", "fd00:22::50"))
        let rules = try lab.node.run("nft", "-s", "list", "ruleset")
        for source in TrafficTests.three {
            let isIPv6 = source.contains(":")
            let dialled = (isIPv6 ? Self.service.ipv6 : Self.service.ipv4, Self.service.port)
            for kind in Endpoint.Kind.allCases {
                let seen = try Traffic.ask(
                    kind, from: pod.space, source, to: backend.space, isIPv6 ? "fd00:22::50" : "172.22.4.50",
                    dialling: dialled, serverPort: 8080)
                switch proxy {
                // Masqueraded: the node has no address on the link, and takes one of its own.
                case .iptables: #expect(!seen.hasPrefix("lost"), "\(source) \(kind): \(seen)")
                case .nftables: #expect(seen == source, "\(kind)")
                }
            }
        }
        // Another ADD and a DEL leave the proxy's rules alone.
        try pod.add("net2", ["podDefaultRouteNic": .string(owner)])
        try pod.delete("net2")
        #expect(try lab.node.run("nft", "-s", "list", "ruleset") == rules)
    }

    /// The endpoint is an overlay Pod, and so is the client's first interface.
    @Test func clusterIPsOfACalicoPod() throws {
        let lab = try CoordinatorLab()
        let pod = try OverlayStateTests.pod(lab, net1: [:])
        let backend = try lab.pod("cccccccccccccc")
        try backend.plugOverlay("10.244.3.9", hostLink: "calibackend")
        try lab.node.run(
            "nft", "-f", "-", input: Self.nftables("ip", Self.service.ipv4, "10.244.3.9", 8080))
        for kind in Endpoint.Kind.allCases {
            let seen = try Traffic.ask(
                kind, from: pod.space, "10.244.3.7", to: backend.space, "10.244.3.9",
                dialling: (Self.service.ipv4, Self.service.port), serverPort: 8080)
            #expect(seen == "10.244.3.7", "\(kind)")
        }
    }
}
