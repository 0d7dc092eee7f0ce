import IPAMCore
import NetlinkKit
import Testing

/// Addresses of the running kernel, each test in a namespace of its own; needs root.
@Suite
struct AddressKernelTests {
    private static func bridge(_ socket: inout RouteSocket, _ text: String) throws -> LinkIndex {
        let name = try #require(InterfaceName(text))
        try socket.add(LinkSpecification(name, .bridge))
        return try socket.link(named: name).index
    }

    @Test(arguments: ["192.0.2.7/24", "10.0.0.1/32", "2001:db8::7/64", "2001:db8::8/128"])
    func addsReadsReplacesAndRemoves(text: String) throws {
        let parts = text.split(separator: "/")
        let address = try #require(IPAddress(String(parts[0])))
        let length = try #require(Int(parts[1]))
        try inOwnNamespace {
            var socket = try RouteSocket()
            let link = try Self.bridge(&socket, "br0")
            let other = try Self.bridge(&socket, "br1")
            var wanted = try #require(
                LinkAddress(address, prefixLength: length, on: link, flags: .noDuplicateDetection))
            try socket.add(wanted)
            let read = try socket.addresses(on: link)
            #expect(read.map(\.description) == [text])
            #expect(read.first?.flags.contains(.permanent) == true)
            #expect(read.first?.peer == nil)
            #expect(try socket.addresses(on: other).isEmpty)
            #expect(try socket.addresses().count == 1)
            #expect(try socket.addresses(family: address.family == .ipv4 ? .ipv6 : .ipv4).isEmpty)

            do throws(NetlinkError) {
                try socket.add(wanted)
                Issue.record("added twice")
            } catch { #expect(error.code == .exists) }

            wanted.validSeconds = 1000
            wanted.preferredSeconds = 500
            try socket.update(wanted)
            let replaced = try #require(try socket.addresses(on: link).first)
            #expect((990...1000).contains(replaced.validSeconds))
            #expect((490...500).contains(replaced.preferredSeconds))
            #expect(!replaced.flags.contains(.permanent))

            try socket.remove(replaced)
            #expect(try socket.addresses(on: link).isEmpty)
            do throws(NetlinkError) {
                try socket.remove(replaced)
                Issue.record("removed twice")
            } catch { #expect(error.code == .notFound) }
        }
    }

    @Test
    func keepsPeerBroadcastLabelAndScope() throws {
        try inOwnNamespace {
            var socket = try RouteSocket()
            let link = try Self.bridge(&socket, "br0")
            var wanted = try #require(
                LinkAddress(
                    .v4(IPv4Address(192, 0, 2, 1)), prefixLength: 24, on: link, flags: [.permanent, .noPrefixRoute]))
            wanted.peer = .v4(IPv4Address(192, 0, 2, 2))
            wanted.broadcast = IPv4Address(192, 0, 2, 255)
            wanted.label = "br0:one"
            wanted.scope = .link
            try socket.add(wanted)
            #expect(try socket.addresses(on: link) == [wanted])
        }
    }
}
