import IPAMCore
import NetlinkKit
import Testing

@Suite
struct WatchTests {
    /// What a consumer knows who applies each event in its order.
    struct Known {
        var links: [LinkIndex: Link] = [:]
        var snapshots = 0

        mutating func apply(_ event: WatchEvent<Link>) {
            switch event {
            case .snapshot(let all):
                snapshots += 1
                links = [:]
                for link in all { links[link.index] = link }
            case .changed(let link): links[link.index] = link
            case .removed(let link): links[link.index] = nil
            }
        }

        /// What `ip monitor` and `ip link` tell alike.
        var summary: [String] { Self.summary(links.values) }

        static func summary(_ links: some Sequence<Link>) -> [String] {
            links.map { "\($0.index) \($0.name) up \($0.isUp) mtu \($0.mtuBytes) “\($0.alias)”" }.sorted()
        }
    }

    /// Lets `ip` work through a list in the namespace of the calling thread.
    static func batch(_ commands: [String]) throws {
        try Scratch.withFolder { folder in
            let text = commands.map { "echo '\($0)'" }.joined(separator: "; ")
            _ = try Shell.output("{ \(text); } > \(folder)/batch; ip -batch \(folder)/batch")
        }
    }

    /// A namespace that several threads work in.
    private final class SharedNamespace: Sendable {
        let namespace: NetworkNamespace

        init() throws { namespace = try NetworkNamespace.create() }

        /// Starts work in the namespace on a thread of its own.
        func start(_ work: @escaping @Sendable () throws -> Void) -> Background {
            Background { try self.namespace.perform { Result { try work() } }.get() }
        }
    }

    /// The kernel does not tell of a new alias unless the link is up (`netdev_state_change`); hence the "up" everywhere.
    @Test
    func startsWithAllThatThereIs() throws {
        let namespace = try NetworkNamespace.create()
        var watch = try namespace.perform { () throws(NetlinkError) in try Watch(.links) }
        guard case .snapshot(let links) = try watch.next(until: .now) else {
            Issue.record("no snapshot")
            return
        }
        #expect(links.map(\.name) == ["lo"])
        #expect(try watch.next(until: .now + .milliseconds(1)) == nil)
    }

    @Test
    func tellsWhatHappens() throws {
        let namespace = try NetworkNamespace.create()
        var watch = try namespace.perform { () throws(NetlinkError) in try Watch(.links) }
        _ = try watch.next(until: .now)
        _ = try namespace.perform {
            Result { try Shell.output("ip link add va type veth peer name vb; ip link del va") }
        }
        .get()
        var events: [String] = []
        while let event = try watch.next(until: .now + .seconds(5)) {
            switch event {
            case .snapshot: events.append("snapshot")
            case .changed(let link): events.append("+\(link.name)")
            case .removed(let link): events.append("-\(link.name)")
            }
            if events.contains("-va"), events.contains("-vb") { break }
        }
        #expect(events.contains("+va") && events.contains("+vb"))
        #expect(!events.contains("snapshot"))
    }

    @Test
    func aPortThatLeavesItsBridgeIsNotRemoved() throws {
        let namespace = try NetworkNamespace.create()
        var watch = try namespace.perform { () throws(NetlinkError) in try Watch(.links) }
        _ = try namespace.perform {
            Result {
                try Shell.output(
                    """
                    ip link add vbridge type bridge; ip link add va up type veth peer name vb; ip link set va master vbridge
                    ip link set va nomaster; ip link set va alias end
                    """)
            }
        }.get()
        var known = Known()
        while !known.links.values.contains(where: { $0.alias == "end" }) {
            known.apply(try #require(try watch.next(until: .now + .seconds(5))))
        }
        #expect(Set(known.links.values.map(\.name)) == ["lo", "vbridge", "va", "vb"])
    }

    @Test
    func waitsForACarrier() throws {
        let shared = try SharedNamespace()
        var watch = try shared.namespace.perform { () throws(NetlinkError) in try Watch(.links) }
        let none = try watch.first(until: .now + .milliseconds(10)) { $0.name == "va" && $0.hasCarrier }
        #expect(none == nil)
        let change = shared.start {
            _ = try Shell.output("ip link add va type veth peer name vb; ip link set va up; ip link set vb up")
        }
        let link = try watch.first(until: .now + .seconds(60)) { $0.name == "va" && $0.hasCarrier }
        #expect(link?.operationalState == .up)
        try change.wait()
    }

    @Test
    func convergesAfterAFlood() throws {
        let namespace = try NetworkNamespace.create()
        // The kernel makes it as small as it can be: a few messages.
        var watch = try namespace.perform { () throws(NetlinkError) in try Watch(.links, receiveBufferBytes: 1) }
        var known = Known()
        for round in 0..<5 {
            _ = try namespace.perform {
                Result {
                    var commands = ["link add va\(round) up type veth peer name vb\(round)"]
                    for number in 0..<100 { commands.append("link set va\(round) alias n\(number)") }
                    if round > 0 { commands.append("link del va\(round - 1)") }
                    commands.append("link set vb\(round) up mtu \(1300 + round)")
                    try Self.batch(commands)
                }
            }.get()
            while let event = try watch.next(until: .now) { known.apply(event) }
        }
        let links = try namespace.perform { () throws(NetlinkError) in
            var socket = try RouteSocket()
            return try socket.links()
        }
        #expect(known.summary == Known.summary(links))
        #expect(known.snapshots > 1, "nothing was dropped")
    }

    @Test
    func convergesWhileTheFloodGoesOn() throws {
        let shared = try SharedNamespace()
        var watch = try shared.namespace.perform { () throws(NetlinkError) in try Watch(.links, receiveBufferBytes: 1) }
        let flood = shared.start {
            var commands = ["link add va up type veth peer name vb"]
            for number in 0..<3000 { commands.append("link set va alias n\(number)") }
            commands.append("link set va alias end")
            try Self.batch(commands)
        }
        var known = Known()
        while !known.links.values.contains(where: { $0.alias == "end" }) {
            known.apply(try #require(try watch.next(until: .now + .seconds(60))))
        }
        try flood.wait()
        #expect(Set(known.links.values.map(\.name)) == ["lo", "va", "vb"])
    }
}
