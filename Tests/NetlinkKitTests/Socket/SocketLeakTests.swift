import Glibc
import IPAMCore
import Testing

@testable import NetlinkKit

@Suite
struct SocketLeakTests {
    @Test
    func nothingGrowsOverTenThousandOperations() async throws {
        // In a process of its own, since other tests open descriptors at the same time.
        await #expect(processExitsWith: .success) {
            try inOwnNamespace {
                var work = try Work.prepared()
                for _ in 0..<100 { try work.tenOperations() }
                let before = Scratch.entries(in: "fd")
                let bytesBefore = try Scratch.residentBytes()
                for _ in 0..<1000 { try work.tenOperations() }
                let after = Scratch.entries(in: "fd")
                let grown = try Scratch.residentBytes() - bytesBefore
                guard after == before, grown < 1 << 20 else {
                    print("descriptors before \(before), after \(after); \(grown) octets more")
                    exit(1)
                }
            }
        }
    }

    /// What can be done over and over with one pair of links; removing links would take the kernel 20 ms each.
    private struct Work: ~Copyable {
        var socket: RouteSocket
        var devices: GenericSocket
        let link: Link
        let missing: InterfaceName
        let route: Route
        let neighbor: Neighbor

        /// Makes the links; the namespace is the thread's.
        static func prepared() throws -> Work {
            _ = try Shell.output(
                """
                set -e
                ip link add v0 up type veth peer name v1; ip link set v1 up; ip addr add 10.0.0.1/24 dev v0
                ip route add 10.1.0.0/16 via 10.0.0.2; ip neigh add 10.0.0.3 lladdr 02:00:00:00:00:03 dev v0
                """)
            var socket = try RouteSocket()
            let destination = try CIDR(parsing: "10.1.0.0/16")
            let link = try socket.link(named: try LinkLaboratory.name("v0"))
            let missing = try LinkLaboratory.name("none")
            let route = try #require(try socket.routes().first { $0.destination == destination })
            let neighbor = try #require(try socket.neighbors().first { $0.state == .permanent })
            let devices = try GenericSocket()
            return Work(
                socket: socket, devices: devices, link: link, missing: missing, route: route, neighbor: neighbor)
        }

        mutating func tenOperations() throws {
            try #require(try socket.links().count == 3)
            try #require(try socket.link(named: try LinkLaboratory.name("v0")).index == link.index)
            try #require(try socket.routes().contains(route))
            try #require(try socket.neighbors().contains(neighbor))
            _ = try devices.features(of: link.index)

            // Changes together, with refusals among them.
            var batch = RouteBatch()
            for _ in 0..<2 {
                batch.remove(route)
                batch.remove(neighbor)
            }
            batch.add(route)
            batch.add(neighbor)
            batch.update(link.index, LinkSettings(alias: "a text that does not fit into a small string"))
            try #require(try socket.perform(batch).count == 2)

            // What fails must not leave anything either.
            try #require(throws: NetlinkError.self) { _ = try socket.link(named: missing) }
            try #require(throws: NetlinkError.self) { try socket.add(route) }
            var silent = RouteSocket(ScriptedTransport([]))
            let timeout = try #require(throws: NetlinkError.self) { _ = try silent.links() }
            try #require(timeout.code == .timedOut)

            // Sockets, also one that is closed with answers in it.
            var watch = try Watch(.links)
            _ = try watch.next(until: .now)
            try socket.update(link.index, LinkSettings(alias: "short"))
        }
    }
}
