import IPAMCore
import NetlinkKit
import Testing

/// The rows of "One example for each other object": what is done here is what the `ip` command does.
@Suite
struct DocumentedExampleTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let command: String
        /// What shows it.
        let show: String
        let add: @Sendable (inout RouteSocket, LinkIndex) throws -> Void

        var testDescription: String { command }
    }

    static let rows = [
        Row(command: "ip addr add 10.0.0.9/24 dev v0", show: "ip addr show dev v0 scope global to 10.0.0.9") {
            let address = try #require(IPAddress("10.0.0.9"))
            try $0.add(try #require(LinkAddress(address, prefixLength: 24, on: $1)))
        },
        Row(command: "ip route add 10.1.0.0/16 via 10.0.0.2 dev v0", show: "ip -details route show 10.1.0.0/16") {
            let path = Route.Path.hop(NextHop(link: $1, gateway: IPAddress("10.0.0.2")))
            try $0.add(Route(to: try CIDR(parsing: "10.1.0.0/16"), path: path))
        },
        Row(command: "ip rule add pref 1101 lookup 101", show: "ip -details rule") { socket, _ in
            try socket.add(Rule(.ipv4, priority: 1101, table: RouteTable(rawValue: 101)))
        },
        Row(command: "ip neigh add 10.0.0.3 lladdr 02:00:00:00:00:03 dev v0", show: "ip neigh") {
            let address = try #require(IPAddress("10.0.0.3"))
            try $0.add(Neighbor(address, on: $1, hardwareAddress: MACAddress(2, 0, 0, 0, 0, 3)))
        },
        Row(command: "ip neigh add proxy 10.0.0.4 dev v0", show: "ip neigh show proxy") {
            try $0.add(Neighbor(proxyFor: try #require(IPAddress("10.0.0.4")), on: $1))
        },
    ]

    @Test(arguments: rows)
    func doesWhatTheCommandDoes(row: Row) throws {
        let links = """
            ip link add v0 up address 02:00:00:00:00:01 type veth peer name v1; ip link set v1 up
            ip addr add 10.0.0.1/24 dev v0
            """
        let theirs = try Laboratory.run("\(links)\n\(row.command)") { _ in try Shell.output(row.show) }
        let ours = try Laboratory.run(links) { socket in
            try row.add(&socket, try socket.link(named: try LinkLaboratory.name("v0")).index)
            return try Shell.output(row.show)
        }
        #expect(!theirs.isEmpty)
        #expect(ours == theirs)
    }
}
