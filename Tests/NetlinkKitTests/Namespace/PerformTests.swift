import Glibc
import NetlinkAsync
import NetlinkKit
import SystemPackage
import Testing

@Suite
struct NamespacePerformTests {
    /// A datagram socket, which nothing can copy.
    struct Socket: ~Copyable {
        let number: CInt

        init() throws(NetlinkError) {
            number = socket(AF_INET, CInt(SOCK_DGRAM.rawValue), 0)
            guard number >= 0 else { throw NetlinkError(errno: Errno(rawValue: errno), operation: "open socket") }
        }

        deinit { close(number) }

        /// 0 when a datagram to ourselves could be sent, or the number of the refusal.
        func sendToLoopback() -> CInt {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = 9
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            let sent = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    sendto(number, "x", 1, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            return sent == 1 ? 0 : errno
        }
    }

    @Test
    func worksInsideAndReturnsWhereItWas() throws {
        let before = Scratch.currentNamespace()
        let namespace = try NetworkNamespace.create()
        let inside = try namespace.perform { () throws(NetlinkError) in Scratch.currentNamespace() }
        #expect(try inside == namespace.identity.description)
        #expect(Scratch.currentNamespace() == before)
        #expect(inside != before)
    }

    @Test
    func anErrorComesBackWhole() throws {
        let before = Scratch.currentNamespace()
        let namespace = try NetworkNamespace.create()
        let thrown = NetlinkError(errno: .resourceBusy, operation: "add link x", detail: "words")
        let caught = #expect(throws: NetlinkError.self) {
            try namespace.perform { () throws(NetlinkError) in throw thrown }
        }
        #expect(caught == thrown)
        #expect(Scratch.currentNamespace() == before)
    }

    @Test
    func errorsOfOtherKindsComeBackAsValues() throws {
        struct Other: Error, Equatable {
            let number: Int
        }
        let namespace = try NetworkNamespace.create()
        #expect(throws: Other(number: 7)) {
            try namespace.perform { Result { () throws(Other) in throw Other(number: 7) } }.get()
        }
    }

    @Test
    func aSocketKeepsItsNamespace() throws {
        // The loopback link of a new namespace is down.
        let namespace = try NetworkNamespace.create()
        let inside = try namespace.perform { () throws(NetlinkError) in try Socket() }
        #expect(inside.sendToLoopback() == ENETUNREACH)
        #expect(try Socket().sendToLoopback() == 0)
        _ = try namespace.perform { Result { try Shell.output("ip link set lo up") } }.get()
        #expect(inside.sendToLoopback() == 0)
    }

    @Test
    func nests() throws {
        let outer = try NetworkNamespace.create()
        let seen = try outer.perform { () throws(NetlinkError) in
            let inner = try NetworkNamespace.create()
            let within = try inner.perform { () throws(NetlinkError) in Scratch.currentNamespace() }
            return try (within == inner.identity.description, Scratch.currentNamespace())
        }
        #expect(seen.0)
        #expect(try seen.1 == outer.identity.description)
    }

    @Test
    func processesStartInside() throws {
        let namespace = try NetworkNamespace.create()
        let inside = try namespace.perform { Result { try Shell.output("readlink /proc/self/ns/net") } }.get()
        #expect(try inside == namespace.identity.description)
    }

    @Test
    func enteringTakesACapability() throws {
        let namespace = try NetworkNamespace.create()
        try NetworkNamespace.current().perform { () throws(NetlinkError) in
            Scratch.dropSystemAdministration()
            let error = #expect(throws: NetlinkError.self) {
                try namespace.perform { () throws(NetlinkError) in Issue.record("ran all the same") }
            }
            #expect(error?.code == .notPermitted)
            #expect(error?.operation == "enter network namespace")
            let second = #expect(throws: NetlinkError.self) { _ = try NamespaceThread(in: namespace) }
            #expect(second?.code == .notPermitted)
        }
    }

    @Test
    func theNamespaceOutlivesItsNameInside() throws {
        let name = Scratch.name()
        let namespace = try NetworkNamespace.create(named: name)
        try NetworkNamespace.remove(named: name)
        let inside = try namespace.perform { () throws(NetlinkError) in Scratch.currentNamespace() }
        #expect(try inside == namespace.identity.description)
    }
}
