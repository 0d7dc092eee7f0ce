import IPAMCore
import NetlinkKit
import Testing

/// Neighbours of the real kernel, looked at with `ip`.
@Suite
struct NeighborTests {
    static let links = """
        ip link add va type veth peer name vb; ip link set va up; ip link set vb up
        ip addr add 10.1.0.2/16 dev va; ip addr add fd00:1::2/64 dev va nodad
        """

    static func link(_ name: String) throws -> LinkIndex {
        let text = try Shell.output("ip -o link show dev \(name) | cut -d: -f1")
        return try #require(Int32(text).flatMap(LinkIndex.init(rawValue:)))
    }

    @Test(arguments: ["10.1.0.9", "fd00:1::9"])
    func isAddedReplacedRemoved(text: String) throws {
        try Laboratory.run(Self.links) { socket in
            let address = try #require(IPAddress(text))
            let link = try Self.link("va")
            #expect(try socket.neighbor(address, on: link) == nil)
            let first = Neighbor(address, on: link, hardwareAddress: MACAddress(2, 0, 0, 0, 0, 1))
            try socket.add(first)
            #expect(
                try Shell.output("ip neigh show \(text)").hasPrefix("\(text) dev va lladdr 02:00:00:00:00:01 PERMANENT")
            )
            let doubled = #expect(throws: NetlinkError.self) { try socket.add(first) }
            #expect(doubled?.code == .exists)
            let second = Neighbor(address, on: link, hardwareAddress: MACAddress(2, 0, 0, 0, 0, 2))
            try socket.update(second)
            #expect(try socket.neighbor(address, on: link) == second)
            #expect(try socket.neighbors(address.family, on: link).filter { $0.address == address } == [second])
            #expect(try socket.neighbors(on: Self.link("vb")).contains(second) == false)
            try socket.remove(second)
            #expect(try Shell.output("ip neigh show \(text) nud permanent").isEmpty)
            // A permanent entry becomes a failed one first, which the kernel may have swept away already.
            let states: [Neighbor.State?] = [nil, .failed]
            #expect(states.contains(try socket.neighbor(address, on: link)?.state))
        }
    }

    @Test(arguments: ["10.1.0.77", "fd00:1::77"])
    func answersForOthers(text: String) throws {
        try Laboratory.run(Self.links) { socket in
            let entry = Neighbor(proxyFor: try #require(IPAddress(text)), on: try Self.link("va"))
            try socket.add(entry)
            #expect(try Shell.output("ip neigh show proxy").hasPrefix("\(text) dev va"))
            #expect(try socket.neighbors(proxies: true) == [entry])
            #expect(try socket.neighbors().contains { $0.address == entry.address } == false)
            try socket.remove(entry)
            #expect(try socket.neighbors(proxies: true).isEmpty)
        }
    }

    @Test
    func isRefusedOnALinkThatIsNotThere() throws {
        try Laboratory.run("") { socket in
            let entry = Neighbor(
                try #require(IPAddress("10.0.0.1")), on: try #require(LinkIndex(rawValue: 99)),
                hardwareAddress: MACAddress(2, 0, 0, 0, 0, 1))
            let error = #expect(throws: NetlinkError.self) { try socket.update(entry) }
            #expect(error?.code == .notFound)
            #expect(error?.operation == "replace neighbour 10.0.0.1 dev 99 lladdr 02:00:00:00:00:01 PERMANENT")
        }
    }
}
