import Glibc
import IPAMCore
import NetlinkKit
import Synchronization
import SystemPackage
import Testing

/// Links of the running kernel, each test in a namespace of its own; needs root.
@Suite
struct LinkKernelTests {
    typealias Lab = LinkLaboratory

    @Test
    func readsLoopback() throws {
        let link = try inOwnNamespace {
            var lab = try Lab()
            return try lab.socket.link(named: try Lab.name("lo"))
        }
        #expect(link.index.rawValue == 1)
        #expect(link.flags.contains(.loopback))
        #expect(!link.isUp)
        #expect(link.kind == nil)
        #expect(link.mtuBytes == 65536)
        #expect(link.hardwareType == 772)
    }

    @Test
    func makesChangesAndRemovesAVethPair() throws {
        try inOwnNamespace {
            var lab = try Lab()
            let address = MACAddress(2, 0, 0, 0, 0, 1)
            let link = try lab.add(
                "v0", .veth(.init(try Lab.name("v1"))),
                LinkSettings(mtuBytes: 1400, address: address))
            let peer = try lab.socket.link(named: try Lab.name("v1"))
            #expect(link.kind == .veth)
            #expect(link.mtuBytes == 1400)
            #expect(link.address == address)
            #expect(link.parent == peer.index)
            #expect(link.parentNamespace == nil)
            try lab.socket.update(peer.index, LinkSettings(isUp: true))
            #expect(!link.isUp)

            try lab.socket.update(
                link.index,
                LinkChange(
                    name: try Lab.name("w0"),
                    settings: LinkSettings(mtuBytes: 1300, transmitQueueLength: 77, alias: "for a test")))
            try lab.socket.update(link.index, LinkSettings(isUp: true))
            let changed = try lab.socket.link(at: link.index)
            #expect(changed.name == "w0")
            #expect(changed.mtuBytes == 1300)
            #expect(changed.transmitQueueLength == 77)
            #expect(changed.alias == "for a test")
            #expect(changed.isUp)
            #expect(changed.hasCarrier)
            #expect(try lab.socket.link(at: peer.index).operationalState == .up)

            try lab.socket.remove(link.index)
            #expect(try lab.socket.links().map(\.name) == ["lo"])
        }
    }

    @Test
    func putsThePeerIntoAnotherNamespace() throws {
        let descriptor = try inOwnNamespace { try FileDescriptor.open("/proc/thread-self/ns/net", .readOnly) }
        defer { try? descriptor.close() }
        try inOwnNamespace {
            var lab = try Lab()
            let link = try lab.add(
                "v0", .veth(.init(try Lab.name("v1"), settings: LinkSettings(namespace: .descriptor(descriptor)))))
            #expect(try lab.socket.links().map(\.name) == ["lo", "v0"])
            #expect(link.parent != nil)
            #expect(link.parentNamespace != nil)
        }
    }

    @Test
    func joinsAndLeavesABridge() throws {
        try inOwnNamespace {
            var lab = try Lab()
            let bridge = try lab.add("br0", .bridge)
            let port = try lab.add("v0", .veth(.init(try Lab.name("v1"))), LinkSettings(master: .link(bridge.index)))
            #expect(bridge.kind == .bridge)
            #expect(port.master == bridge.index)
            #expect(port.membership == .bridge)
            try lab.socket.update(port.index, LinkSettings(master: LinkSettings.Master.none))
            #expect(try lab.socket.link(at: port.index).master == nil)
        }
    }

    @Test
    func makesWhatThisKernelHas() throws {
        try inOwnNamespace {
            var lab = try Lab()
            let parent = try lab.add("v0", .veth(.init(try Lab.name("v1")))).index
            for mode in MacvlanMode.allCases where mode != .passthru {
                let link = try lab.add("mv\(mode.rawValue)", .macvlan(parent: parent, mode: mode))
                #expect(link.details == .macvlan(mode))
                #expect(link.parent == parent)
                #expect(link.kind == .macvlan)
            }
            #expect(
                try lab.add("vx0", .vxlan(id: 42, remote: IPAddress("192.0.2.1"))).details
                    == .vxlan(id: 42, port: 4789))
            #expect(try lab.add("ifb-a", .ifb).kind == .ifb)
        }
    }

    @Test
    func refusesInWords() throws {
        let errors = try inOwnNamespace {
            var socket = try RouteSocket()
            let name = try Lab.name("v0")
            let missing = try Lab.name("none")
            try socket.add(LinkSpecification(name, .veth(.init(try Lab.name("v1")))))
            let index = try socket.link(named: name).index
            var errors: [NetlinkError] = []
            do throws(NetlinkError) { try socket.add(LinkSpecification(name, .bridge)) } catch { errors.append(error) }
            do throws(NetlinkError) { _ = try socket.link(named: missing) } catch { errors.append(error) }
            do throws(NetlinkError) { try socket.update(index, LinkSettings(mtuBytes: 1 << 20)) } catch {
                errors.append(error)
            }
            return errors
        }
        #expect(errors.map(\.code) == [.exists, .notFound, .invalid])
        #expect(errors.first?.operation == "add bridge link v0")
        #expect(errors.last?.detail == "mtu greater than device maximum")
    }

    @Test
    func carriesOutABatchBeyondARefusal() throws {
        try inOwnNamespace {
            var lab = try Lab()
            var batch = RouteBatch()
            for number in 0..<150 {
                batch.add(LinkSpecification(try Lab.name("br\(number == 100 ? 99 : number)"), .bridge))
            }
            let failures = try lab.socket.perform(batch)
            #expect(failures.map(\.index) == [100])
            #expect(failures.first?.error.code == .exists)
            #expect(try lab.socket.links().count == 150)
        }
    }

    @Test
    func keepsTheNamespaceItWasOpenedIn() async throws {
        let handed = try inOwnNamespace {
            let handed = try HandedSocket()
            try handed.socket.withLock { socket throws in
                try socket.add(LinkSpecification(try Lab.name("only-here"), .bridge))
            }
            return handed
        }
        #expect(try handed.socket.withLock { try $0.links() }.map(\.name) == ["lo", "only-here"])
    }

    /// All links but one stay, so that a dump that misses one or has one twice is seen; that one comes and goes, which
    /// makes the kernel mark dumps as interrupted.
    @Test
    func readsAThousandWholeDumpsWhileLinksFlap() throws {
        try inOwnNamespace {
            var lab = try Lab()
            for number in 0..<200 { _ = try lab.add("br\(number)", .bridge) }
            let flapping = try lab.add("v0", .veth(.init(try Lab.name("v1")))).index
            let flapper = try Flapper(flapping)
            defer { flapper.stop() }
            var dumps = 0
            var gaveUp = 0
            while dumps < 1000 {
                do throws(NetlinkError) {
                    let links = try lab.socket.links()
                    dumps += 1
                    #expect(links.count { $0.name != "flap" } == 203)
                    #expect(Set(links.map(\.index)).count == links.count)
                } catch {
                    // Five interrupted dumps in a row are told and no links with them; a caller may try again.
                    guard error.code == .interrupted, gaveUp < 1000 else { throw error }
                    gaveUp += 1
                }
            }
            #expect(flapper.count > 0)
        }
    }
}

/// A socket that goes from one thread to another.
private final class HandedSocket: Sendable {
    let socket: Mutex<RouteSocket>

    init() throws { socket = Mutex(try RouteSocket()) }
}

/// Switches a link on and off and makes and removes another, on a thread in the namespace of the thread that made it.
private final class Flapper: Sendable {
    private let link: LinkIndex
    private let isStopped = Atomic(false)
    private let rounds = Atomic(0)
    private let thread = Mutex(pthread_t())

    var count: Int { rounds.load(ordering: .relaxed) }

    init(_ link: LinkIndex) throws {
        self.link = link
        let context = Unmanaged.passRetained(self)
        let code = thread.withLock { thread in
            pthread_create(
                &thread, nil,
                { context in
                    if let context { Unmanaged<Flapper>.fromOpaque(context).takeRetainedValue().run() }
                    return nil
                }, context.toOpaque())
        }
        guard code == 0 else {
            context.release()
            throw Errno(rawValue: code)
        }
    }

    func stop() {
        isStopped.store(true, ordering: .relaxed)
        _ = thread.withLock { pthread_join($0, nil) }
    }

    private func run() {
        guard var socket = try? RouteSocket(), let name = InterfaceName("flap") else { return }
        while !isStopped.load(ordering: .relaxed) {
            try? socket.update(link, LinkSettings(isUp: true))
            try? socket.add(LinkSpecification(name, .bridge))
            try? socket.update(link, LinkSettings(isUp: false))
            if let index = try? socket.link(named: name).index { try? socket.remove(index) }
            rounds.add(1, ordering: .relaxed)
        }
    }
}
