import CNetlink
import Glibc
import IPAMCore
import Testing

@testable import NetlinkKit

/// What another process sends to a socket of ours; needs root.
@Suite
struct ForeignSenderTests {
    /// Sends a link that the kernel does not have to a port or to a group.
    ///
    /// - Returns: 0, or the number of the error.
    static func send(toPort port: UInt32, groups: UInt32) -> CInt {
        let descriptor = socket(AF_NETLINK, CInt(SOCK_RAW.rawValue) | CInt(SOCK_CLOEXEC.rawValue), NETLINK_ROUTE)
        defer { close(descriptor) }
        var address = sockaddr_nl()
        address.nl_family = sa_family_t(AF_NETLINK)
        address.nl_pid = port
        address.nl_groups = groups
        let message = NetlinkSocketTests.link(9, flags: "0000")
        let count = withUnsafeBytes(of: &address) { address in
            sendto(
                descriptor, message, message.count, 0, address.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(address.count))
        }
        return count == message.count ? 0 : errno
    }

    static func port(of descriptor: CInt) -> UInt32 {
        var address = sockaddr_nl()
        var length = socklen_t(MemoryLayout<sockaddr_nl>.size)
        _ = withUnsafeMutableBytes(of: &address) {
            getsockname(descriptor, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
        }
        return address.nl_pid
    }

    @Test
    func theKernelKeepsOthersFromAnswering() throws {
        try inOwnNamespace {
            var lab = try LinkLaboratory()
            let port = Self.port(of: lab.socket.socket.descriptor)
            #expect(port != 0)
            #expect(Self.send(toPort: port, groups: 0) == ECONNREFUSED)
            #expect(try lab.socket.links().map(\.name) == ["lo"])
        }
    }

    @Test
    func anEventThatIsNotOfTheKernelIsNone() throws {
        try inOwnNamespace {
            var lab = try LinkLaboratory()
            var watch = try Watch(.links)
            _ = try watch.next(until: .now)
            #expect(Self.send(toPort: 0, groups: UInt32(RTMGRP_LINK)) == 0)
            try lab.add("v0", .veth(.init(try LinkLaboratory.name("v1"))))
            var names: [String] = []
            while !names.contains("v0"), let event = try watch.next(until: .now + .seconds(5)) {
                if case .changed(let link) = event { names.append(link.name) }
            }
            #expect(Set(names) == ["v0", "v1"])
        }
    }
}
