import Testing

/// What a Pod with underlay interfaces has to look like, by few and plain rules: which interface owns the default route of
/// each family, and that each other interface has a table of its own.
struct SequenceModel {
    /// An interface that a Pod may have.
    struct Interface: Sendable {
        let name: String
        /// Number of the network, which is in all of its addresses.
        let network: Int
        /// Last part of its addresses; nothing when it has none of the family.
        let ipv4: String?
        let ipv6: String?

        func address(_ family: String) -> String? { family == "4" ? ipv4 : ipv6 }
        func gateway(_ family: String) -> String { family == "4" ? "172.\(network).0.1" : "fd00:\(network)::1" }
        var parent: String { network == 22 ? "ens1" : "ens2" }
        var addresses: [String] { [ipv4.map { $0 + "/16" }, ipv6.map { $0 + "/64" }].compactMap(\.self) }
        var families: [String] { ["4", "6"].filter { address($0) != nil } }

        /// The connected route.
        func connected(_ family: String) -> String {
            family == "4"
                ? "172.\(network).0.0/16 dev \(name) proto kernel scope link src \(ipv4 ?? "?")"
                : "fd00:\(network)::/64 dev \(name) proto kernel metric 256"
        }
        func defaultRoute(_ family: String) -> String { "default via \(gateway(family)) dev \(name)" }
    }

    static let interfaces = [
        Interface(name: "eth0", network: 22, ipv4: "172.22.5.1", ipv6: "fd00:22::501"),
        Interface(name: "net1", network: 23, ipv4: "172.23.5.2", ipv6: nil),
        Interface(name: "net2", network: 22, ipv4: "172.22.5.3", ipv6: "fd00:22::503"),
        Interface(name: "net3", network: 23, ipv4: nil, ipv6: "fd00:23::504"),
        Interface(name: "net4", network: 23, ipv4: "172.23.5.5", ipv6: "fd00:23::505"),
    ]

    /// The interfaces that are there, in the order in which they came.
    private(set) var present: [Interface] = []
    /// Name of the default interface by family.
    private(set) var owner: [String: String] = [:]

    func isPresent(_ name: String) -> Bool { present.contains { $0.name == name } }

    /// An ADD; only families that the interface has are touched.
    mutating func add(_ interface: Interface, choice: String?) {
        if !isPresent(interface.name) { present.append(interface) }
        // The first interface is never tuned itself.
        let chosen = interface.name == "eth0" ? nil : present.first { $0.name == choice }
        for family in interface.families {
            if chosen?.families.contains(family) == true { owner[family] = chosen?.name }
            if owner[family] == nil { owner[family] = interface.name }
        }
    }

    /// A DEL, after which the interface is gone; what it owned falls to the first one.
    mutating func delete(_ name: String) {
        present.removeAll { $0.name == name }
        for family in ["4", "6"] where owner[family] == name { owner[family] = "eth0" }
    }

    /// Routes to the node and what is hijacked, as a table has them.
    static func shared(_ table: String, _ family: String) -> [String] {
        let eth0 = interfaces[0]
        if family == "4" {
            let source = "src \(eth0.ipv4 ?? "?")"
            return ["172.22.0.11", "172.23.0.11"].map { "\(table)/4 \($0) dev veth0 scope link \(source)" }
                + ["10.96.0.0/12", "10.244.0.0/16", "169.254.0.0/16"].map {
                    "\(table)/4 \($0) via 172.22.0.11 dev veth0 \(source)"
                }
        }
        return ["fd00:22::11", "fd00:23::11"].map { "\(table)/6 \($0) dev veth0 src \(eth0.ipv6 ?? "?")" }
            + ["fd00:96::/112", "fd00:244::/56"].map { "\(table)/6 \($0) via fd00:22::11 dev veth0" }
    }

    /// All lines of the Pod, with the table that each interface really has in each family.
    func pod(tables: (Interface, _ family: String) -> String?) -> KernelState {
        var lines = ["link veth0 mtu 1500 up"]
        lines += ["172.22.0.11", "172.23.0.11", "fd00:22::11", "fd00:23::11"].map { "neigh \($0) dev veth0 lladdr HH" }
        for family in ["4", "6"] {
            lines.append("rule/\(family) 1000 fwmark 0x1 lookup 100")
            let way = family == "4" ? "172.22.0.11 dev veth0 src 172.22.5.1" : "fd00:22::11 dev veth0"
            lines.append("100/\(family) default via \(way)")
            lines += Self.shared("main", family)
        }
        for interface in present {
            lines.append("link \(interface.name) mtu 1500 up")
            lines += interface.addresses.map { "addr \($0) dev \(interface.name)" }
            for family in interface.families {
                lines.append("main/\(family) \(interface.connected(family))")
                guard owner[family] != interface.name else {
                    lines.append("main/\(family) \(interface.defaultRoute(family))")
                    continue
                }
                let table = tables(interface, family) ?? "a table of its own"
                let (priority, address) = (1000 + (Int(table) ?? 0), interface.address(family) ?? "?")
                lines.append("rule/\(family) \(priority) from \(address) lookup \(table)")
                lines += Self.shared(table, family)
                let own = [interface.connected(family), interface.defaultRoute(family)]
                lines += own.map { "\(table)/\(family) \($0)" }
            }
        }
        return KernelState(lines: lines)
    }

    /// All lines of the node.
    func node(_ pod: LabPod) -> KernelState {
        KernelState(
            text: UnderlayState.node(
                pod, present.flatMap { interface in interface.families.compactMap { interface.address($0) } }))
    }
}
