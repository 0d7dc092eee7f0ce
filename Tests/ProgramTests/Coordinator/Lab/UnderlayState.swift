/// What Pods on the underlay networks of a lab, and their node, hold in the end: the specification's examples as lines.
enum UnderlayState {
    /// The Pod's first interface, IPv4.
    static let firstIPv4 = """
        rule/4 1000 fwmark 0x1 lookup 100
        main/4 default via 172.22.0.1 dev eth0
        main/4 10.96.0.0/12   via 172.22.0.11 dev veth0 src 172.22.4.10
        main/4 10.244.0.0/16  via 172.22.0.11 dev veth0 src 172.22.4.10
        main/4 169.254.0.0/16 via 172.22.0.11 dev veth0 src 172.22.4.10
        main/4 172.22.0.0/16 dev eth0 proto kernel scope link src 172.22.4.10
        main/4 172.22.0.11 dev veth0 scope link src 172.22.4.10
        main/4 172.23.0.11 dev veth0 scope link src 172.22.4.10
        100/4 default via 172.22.0.11 dev veth0 src 172.22.4.10
        neigh 172.22.0.11 dev veth0 lladdr HH
        neigh 172.23.0.11 dev veth0 lladdr HH

        """

    /// The Pod's first interface, IPv6.
    static let firstIPv6 = """
        rule/6 1000 fwmark 0x1 lookup 100
        main/6 default via fd00:22::1 dev eth0
        main/6 fd00:22::/64 dev eth0 proto kernel metric 256
        main/6 fd00:22::11 dev veth0 src fd00:22::a
        main/6 fd00:23::11 dev veth0 src fd00:22::a
        main/6 fd00:96::/112 via fd00:22::11 dev veth0
        main/6 fd00:244::/56 via fd00:22::11 dev veth0
        100/6 default via fd00:22::11 dev veth0
        neigh fd00:22::11 dev veth0 lladdr HH
        neigh fd00:23::11 dev veth0 lladdr HH

        """

    /// What every further interface's table has besides its own routes.
    static func sharedRoutes(_ table: Int) -> String {
        """
        \(table)/4 172.22.0.11 dev veth0 scope link src 172.22.4.10
        \(table)/4 172.23.0.11 dev veth0 scope link src 172.22.4.10
        \(table)/4 10.96.0.0/12   via 172.22.0.11 dev veth0 src 172.22.4.10
        \(table)/4 10.244.0.0/16  via 172.22.0.11 dev veth0 src 172.22.4.10
        \(table)/4 169.254.0.0/16 via 172.22.0.11 dev veth0 src 172.22.4.10

        """
    }

    static func sharedIPv6Routes(_ table: Int) -> String {
        """
        \(table)/6 fd00:22::11 dev veth0 src fd00:22::a
        \(table)/6 fd00:23::11 dev veth0 src fd00:22::a
        \(table)/6 fd00:96::/112 via fd00:22::11 dev veth0
        \(table)/6 fd00:244::/56 via fd00:22::11 dev veth0

        """
    }

    static let addresses = """
        addr 172.22.4.10/16 dev eth0
        addr fd00:22::a/64 dev eth0
        link eth0 mtu 1500 up
        link veth0 mtu 1500 up

        """

    /// What `net1` on the second network adds.
    static let net1 =
        sharedRoutes(101) + sharedIPv6Routes(101) + """
            link net1 mtu 1500 up alias spiderpool:table=101
            addr 172.23.4.10/16 dev net1
            addr fd00:23::a/64 dev net1
            rule/4 1101 from 172.23.4.10 lookup 101
            rule/6 1101 from fd00:23::a lookup 101
            main/4 172.23.0.0/16 dev net1 proto kernel scope link src 172.23.4.10
            main/6 fd00:23::/64 dev net1 proto kernel metric 256
            101/4 default via 172.23.0.1 dev net1
            101/4 172.23.0.0/16 dev net1 proto kernel scope link src 172.23.4.10
            101/6 default via fd00:23::1 dev net1
            101/6 fd00:23::/64 dev net1 proto kernel metric 256

            """

    /// What `net2` on the first network adds after that.
    static let net2 =
        sharedRoutes(102) + sharedIPv6Routes(102) + """
            link net2 mtu 1500 up alias spiderpool:table=102
            addr 172.22.4.11/16 dev net2
            addr fd00:22::b/64 dev net2
            rule/4 1102 from 172.22.4.11 lookup 102
            rule/6 1102 from fd00:22::b lookup 102
            main/4 172.22.0.0/16 dev net2 proto kernel scope link src 172.22.4.11
            main/6 fd00:22::/64 dev net2 proto kernel metric 256
            102/4 default via 172.22.0.1 dev net2
            102/4 172.22.0.0/16 dev net2 proto kernel scope link src 172.22.4.11
            102/6 default via fd00:22::1 dev net2
            102/6 fd00:22::/64 dev net2 proto kernel metric 256

            """

    /// What is on the node.
    static func node(_ pod: LabPod, table: String = "500", _ addresses: [String]) -> String {
        var text = "link \(pod.hostLink) mtu 1500 up alias spiderpool:\(pod.containerID):eth0:underlay\n"
        for family in ["4", "6"] where addresses.contains(where: { $0.contains(":") == (family == "6") }) {
            text += "rule/\(family) 1000 lookup \(table)\n"
        }
        for address in addresses {
            text +=
                address.contains(":")
                ? "\(table)/6 \(address) dev \(pod.hostLink)\n"
                : "\(table)/4 \(address) dev \(pod.hostLink) scope link\n"
            text += "neigh \(address) dev \(pod.hostLink) lladdr PP\n"
        }
        return text
    }
}
