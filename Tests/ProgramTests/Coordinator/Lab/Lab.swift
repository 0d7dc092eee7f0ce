import Glibc
import JSONTree
import Testing

/// A node with two networks, each a bridge in a namespace that stands for the switches and has the gateways, and Pods on it.
///
/// Addresses are those of the specification's examples. Everything ends with the value, also when a test fails.
final class CoordinatorLab {
    let folder: TemporaryFolder
    /// The switches, routers between the networks.
    let fabric: Space
    let node: Space
    private let prefix: String
    private let quiet: KernelState

    /// Node-wide lists that most configurations have.
    static let networks: JSONObject = [
        "overlayPodCIDR": ["10.244.0.0/16", "fd00:244::/56"], "serviceCIDR": ["10.96.0.0/12", "fd00:96::/112"],
        "hijackCIDR": ["169.254.0.0/16"],
    ]

    /// Makes the node; `isIPv6` says whether it has addresses of that family.
    init(isIPv6: Bool = true, extra: String = "") throws {
        try #require(geteuid() == 0, "network namespaces need root")
        folder = TemporaryFolder()
        prefix = "sp\(getpid())-\(String(UInt32.random(in: 0 ... .max), radix: 36))-"
        fabric = try Space(prefix + "fabric", in: folder, forwards: true)
        node = try Space(prefix + "node", in: folder, forwards: true)
        try Self.wire(fabric, node, host: 11, isIPv6: isIPv6)
        if !extra.isEmpty { try node.ip(extra) }
        quiet = try KernelState(of: node)
    }

    /// Plugs a node into both networks, which are made with the first.
    private static func wire(_ fabric: Space, _ node: Space, host: Int, isIPv6: Bool) throws {
        var (switches, links) = ("", "")
        for (number, net) in [(1, 22), (2, 23)] {
            if host == 11 {
                switches += """
                    link add br\(number) type bridge mcast_snooping 0
                    addr add 172.\(net).0.1/16 dev br\(number)
                    addr add fd00:\(net)::1/64 dev br\(number) nodad
                    link set br\(number) up

                    """
            }
            switches += """
                link add p\(number)-\(host) type veth peer name ens\(number) netns \(node.name)
                link set p\(number)-\(host) master br\(number) up

                """
            links += """
                addr add 172.\(net).0.\(host)/16 dev ens\(number)
                link set ens\(number) up

                """
            if isIPv6 { links += "addr add fd00:\(net)::\(host)/64 dev ens\(number) nodad\n" }
        }
        links += "route add default via 172.22.0.1\n"
        if isIPv6 { links += "route add default via fd00:22::1\n" }
        // Frames between two ports are none of the routers' packets, whatever the kernel was told for others.
        for family in ["ip", "ip6", "arp"] where access("/proc/sys/net/bridge", F_OK) == 0 {
            try fabric.setSysctl("net/bridge/bridge-nf-call-\(family)tables", "0")
        }
        try fabric.ip(switches)
        try node.ip(links)
    }

    /// Another namespace of this lab.
    func space(_ name: String, forwards: Bool = false) throws -> Space {
        try Space(prefix + name, in: folder, forwards: forwards)
    }

    /// A second node on the same networks, with addresses that end in 12.
    func secondNode() throws -> Space {
        let node = try space("node2", forwards: true)
        try Self.wire(fabric, node, host: 12, isIPv6: true)
        return node
    }

    /// A Pod without any interface.
    func pod(_ containerID: String = "9f8e7d6c5b4a39", on node: Space? = nil) throws -> LabPod {
        LabPod(containerID, try space("pod-\(String(UInt32.random(in: 0 ... .max), radix: 36))"), node ?? self.node)
    }

    /// A Pod with the underlay interface `eth0` that coordinator has worked on.
    func underlayPod(
        _ containerID: String = "9f8e7d6c5b4a39", _ addresses: [String] = ["172.22.4.10/16", "fd00:22::a/64"]
    ) throws -> LabPod {
        let pod = try pod(containerID)
        try pod.plug("eth0", "ens1", addresses)
        try pod.add("eth0")
        return pod
    }

    /// A Pod with three dual-stack interfaces, whose further networks say the same.
    func threeInterfaces(_ keys: JSONObject = [:]) throws -> LabPod {
        let pod = try underlayPod()
        try pod.plug("net1", "ens2", ["172.23.4.10/16", "fd00:23::a/64"])
        try pod.add("net1", keys)
        try pod.plug("net2", "ens1", ["172.22.4.11/16", "fd00:22::b/64"])
        try pod.add("net2", keys)
        return pod
    }

    /// What is on the node that was not there when it was made; `gone: …` for what is not there any more.
    func nodeState(_ pods: LabPod...) throws -> KernelState {
        var names: [String: String] = [:]
        for pod in pods { names.merge(try pod.macNames()) { first, _ in first } }
        let state = try KernelState(of: node, naming: names)
        return KernelState(lines: state.subtracting(quiet) + quiet.subtracting(state).map { "gone: \($0)" })
    }
}
