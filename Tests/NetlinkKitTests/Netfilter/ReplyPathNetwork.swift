import Glibc
import IPAMCore
import NetlinkKit
import Testing

/// A Pod with two ways out, in namespaces that go with the value.
///
/// ```text
///  node                              pod                               router
///  198.51.100.7, 2001:db8::7         172.22.4.10, fd00:22::a           172.22.0.1, fd00:22::1
///  172.22.0.11, fd00:22::11  host0 ──── veth0     eth0 ──── gw0
///                              table 100: default   main: default
/// ```
struct ReplyPathNetwork: ~Copyable {
    /// The addresses of one family.
    struct Addresses {
        let pod: IPAddress
        /// Behind the node, and of no network of the Pod.
        let client: IPAddress
        let router: IPAddress

        init(_ family: AddressFamily) throws {
            let isOld = family == .ipv4
            pod = try IPAddress(parsing: isOld ? "172.22.4.10" : "fd00:22::a")
            client = try IPAddress(parsing: isOld ? "198.51.100.7" : "2001:db8::7")
            router = try IPAddress(parsing: isOld ? "172.22.0.1" : "fd00:22::1")
        }
    }

    private let name = Scratch.name()

    init() throws {
        _ = try Shell.output(
            """
            set -e
            for ns in pod node router; do
                ip netns add \(name)-$ns
                ip netns exec \(name)-$ns sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 \
                    net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0
                ip -n \(name)-$ns link set lo up
            done
            node="ip -n \(name)-node" pod="ip -n \(name)-pod" router="ip -n \(name)-router"
            $node link add host0 address 02:00:00:00:00:01 type veth \
                peer name veth0 address 02:00:00:00:00:02 netns \(name)-pod
            $router link add gw0 type veth peer name eth0 netns \(name)-pod
            $node link set host0 up; $pod link set veth0 up; $pod link set eth0 up; $router link set gw0 up
            $router addr add 172.22.0.1/16 dev gw0; $router addr add fd00:22::1/64 dev gw0 nodad
            $pod addr add 172.22.4.10/16 dev eth0; $pod addr add fd00:22::a/64 dev eth0 nodad
            $pod route add default via 172.22.0.1; $pod -6 route add default via fd00:22::1
            for address in 172.22.0.11/32 198.51.100.7/32 fd00:22::11/128 2001:db8::7/128; do
                $node addr add $address dev lo
            done
            $node route add 172.22.4.10 dev host0; $node -6 route add fd00:22::a dev host0
            $node neigh add fd00:22::a lladdr 02:00:00:00:00:02 dev host0
            $pod route add 172.22.0.11 dev veth0; $pod -6 route add fd00:22::11 dev veth0
            $pod neigh add fd00:22::11 lladdr 02:00:00:00:00:01 dev veth0
            $pod route add default via 172.22.0.11 dev veth0 table 100
            $pod -6 route add default via fd00:22::11 dev veth0 table 100
            $pod rule add pref 1000 fwmark 1 lookup 100; $pod -6 rule add pref 1000 fwmark 1 lookup 100
            """)
    }

    deinit {
        for host in ["pod", "node", "router"] { _ = try? Shell.output("ip netns del \(name)-\(host)") }
    }

    /// The namespace of a host.
    func namespace(_ host: String) throws -> NetworkNamespace { try NetworkNamespace(named: "\(name)-\(host)") }

    /// Runs a command on a host.
    @discardableResult
    func run(_ host: String, _ command: String) throws -> String {
        try Shell.output("ip netns exec \(name)-\(host) \(command)")
    }

    /// Opens a socket on a host.
    func socket(
        _ host: String, _ kind: Conversation, _ family: AddressFamily
    ) throws -> EndpointSocket {
        try namespace(host).perform { Result { try EndpointSocket(kind, family) } }.get()
    }

    /// Whether a client on a host gets an answer from a server in the Pod.
    func converses(
        _ kind: Conversation, from host: String, _ source: IPAddress, to destination: IPAddress,
        waitingMilliseconds patience: Int
    ) throws -> Bool {
        let server = try socket("pod", kind, destination.family)
        try server.bind(to: destination)
        let client = try socket(host, kind, destination.family)
        try client.bind(to: source)
        return try client.asks(server, at: destination, waitingMilliseconds: patience)
    }
}

/// How hosts talk.
enum Conversation: CaseIterable {
    case tcp
    case udp
}
