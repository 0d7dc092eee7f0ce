import CAllocationCounter
import CBareNetlink
import Glibc
import IPAMCore
import NetlinkKit

/// What reading and making links costs, in namespaces that are made here and end with the program; needs root.
///
/// The rival is iproute2, which is in C: in a batch of many equal commands its start counts for nothing, and what is left
/// is the kernel's cost and some text.
func netlinkRows() -> [Row] {
    do {
        return try dumpRows() + makingRows()
    } catch {
        fail("\(error)")
    }
}

private let group = "netlink"

/// A namespace of its own with so many links, of veth pairs, and a socket in it.
private final class LinkStand {
    let namespace: NetworkNamespace
    var socket: RouteSocket
    let count: Int
    /// The name of a link in the middle.
    let middle: InterfaceName

    init(_ count: Int) throws {
        self.count = count
        guard let middle = InterfaceName("link\(count / 4)") else { fail("no name") }
        self.middle = middle
        namespace = try NetworkNamespace.create()
        socket = try namespace.perform { () throws(NetlinkError) in try RouteSocket() }
        var batch = RouteBatch()
        for number in 0..<count / 2 {
            guard let name = InterfaceName("link\(number)"), let peer = InterfaceName("peer\(number)") else { continue }
            batch.add(LinkSpecification(name, .veth(.init(peer))))
        }
        if let failure = try socket.perform(batch).first { throw failure.error }
    }

    /// What is measured.
    enum Clock {
        /// Processor time, the kernel's included. Programs running beside this one count less in it than in wall time, and
        /// waiting for RCU, which is 20 ms for each link that is removed, not at all.
        case processor
        /// Wall time.
        case wall
    }

    /// The time in microseconds of something that is done in the namespace, on average over some times.
    func time(_ times: Int, _ clock: Clock = .processor, _ body: () throws -> Void) throws -> Double {
        try namespace.perform {
            Result {
                let source = clock == .wall ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID
                let start = nanoseconds(source)
                for _ in 0..<times { try body() }
                return Double(nanoseconds(source) - start) / Double(times) / 1000
            }
        }.get()
    }

    /// The time of a run of `ip` in the namespace, in microseconds; the program ends when it fails.
    func ip(_ clock: Clock = .processor, _ arguments: String...) throws -> Double {
        try namespace.perform {
            let now = { clock == .wall ? Double(nanoseconds(CLOCK_MONOTONIC)) / 1000 : childrenMicroseconds() }
            let before = now()
            guard let child = start(["ip"] + arguments, [], input: "/dev/null", output: "/dev/null"),
                wait(for: child) == 0
            else { fail("ip \(arguments) failed") }
            return now() - before
        }
    }

    /// A socket of the bare program in C, which ends with this one.
    lazy var bare: CInt = {
        let opened: CInt? = try? namespace.perform { () throws(NetlinkError) in bare_netlink_open() }
        guard let opened, opened >= 0 else { fail("no netlink socket") }
        return opened
    }()

    /// The same as ``readMiddle()``, by the bare program in C.
    func readMiddleBarely() {
        guard bare_netlink_by_name(bare, middle.text) == 0 else { fail("no link \(middle)") }
    }

    /// The same as ``readAll()``, by the bare program in C.
    func readAllBarely() {
        guard bare_netlink_dump(bare) > count else { fail("not all links") }
    }

    /// Reads the link in the middle by its name.
    func readMiddle() throws { consume(Int(try socket.link(named: middle).index.rawValue)) }

    /// Reads all links.
    func readAll() throws { consume(try socket.links().count) }
}

/// The processor time of all programs that were started and have ended.
private func childrenMicroseconds() -> Double {
    var usage = rusage()
    getrusage(RUSAGE_CHILDREN.rawValue, &usage)
    let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
    return Double(seconds) * 1_000_000 + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
}

/// Runs contenders in turn, so that a disturbance of the machine meets all of them.
private func inTurn(
    _ rounds: Int, _ contenders: [() throws -> Double]
) throws -> [[Double]] {
    var samples = contenders.map { _ in [Double]() }
    for round in 0...rounds {
        for index in contenders.indices {
            let time = try contenders[index]()
            // The first round warms up.
            if round > 0 { samples[index].append(time) }
        }
    }
    return samples
}

private func dumpRows() throws -> [Row] {
    let stands = try [10, 1000, 4000].map { try LinkStand($0) }
    let contenders = stands.map { stand in { try stand.time(200) { try stand.readMiddle() } } }
    let named = try inTurn(21, contenders + [{ try stands[2].time(200) { stands[2].readMiddleBarely() } }])
    var rows = stands.indices.map { index in
        Row(
            group, "one link by name, \(stands[index].count) links", samples: named[index], unit: "µs",
            target: stands[index].count == 4000 ? .atMost(10) : nil)
    }
    rows.append(
        Row(
            group, "one link by name, 4000 against 10", value: rows[2].median / rows[0].median, unit: "×",
            target: .atMost(1.2)))
    let bareByName = Row(group, "the same in C without reading it, 4000 links", samples: named[3], unit: "µs")
    rows += [
        bareByName,
        Row(
            group, "one link by name against C", value: rows[2].median / bareByName.median, unit: "×",
            target: .atMost(1.2)),
    ]
    for stand in stands.dropFirst() {
        let count = Double(stand.count)
        let before = (allocation_bytes(), allocation_count())
        try stand.readAll()
        let allocated = (allocation_bytes() - before.0, allocation_count() - before.1)
        let times = try inTurn(
            11,
            [
                { try stand.time(3) { try stand.readAll() } / count },
                { try stand.ip(.processor, "-j", "link") / count },
                { try stand.time(3) { stand.readAllBarely() } / count },
            ])
        let dump = Row(
            group, "dump of \(stand.count) links, each", samples: times[0], unit: "µs",
            allocations: Double(allocated.1) / count, target: .atMost(5))
        let rival = Row(group, "ip -j link, \(stand.count) links, each", samples: times[1], unit: "µs")
        let floor = Row(
            group, "the same in C without reading it, \(stand.count) links, each", samples: times[2], unit: "µs")
        rows += [
            dump, rival, floor,
            Row(
                group, "dump of \(stand.count) links against C", value: dump.median / floor.median, unit: "×",
                target: .atMost(1.2)),
            Row(group, "dump of \(stand.count) links against ip -j link", value: dump.median / rival.median, unit: "×"),
            Row(
                group, "memory taken for each of \(stand.count) links", value: Double(allocated.0) / count,
                unit: "bytes"),
        ]
    }
    return rows
}

/// Making, configuring and removing links, one after the other as a plugin does it.
private func makingRows() throws -> [Row] {
    let stand = try LinkStand(0)
    guard let name = InterfaceName("made"), let peer = InterfaceName("made1"), let below = InterfaceName("below"),
        let other = InterfaceName("below1"), let address = IPAddress("10.9.9.9")
    else { return [] }
    try stand.socket.add(LinkSpecification(below, .veth(.init(other))))
    let parent = try stand.socket.link(named: below).index
    let folder = "/tmp/ipam-benchmarks-netlink.\(getpid())"
    mkdir(folder, 0o700)
    defer {
        unlink(folder + "/nothing")
        unlink(folder + "/making")
        rmdir(folder)
    }
    write("", to: folder + "/nothing")
    let count = 10
    let kinds: [(name: String, variant: LinkSpecification.Variant, words: String)] = [
        ("a macvlan", .macvlan(parent: parent, mode: .bridge), "link below name made type macvlan mode bridge"),
        ("a veth pair", .veth(.init(peer)), "name made type veth peer name made1"),
    ]
    var rows: [Row] = []
    for kind in kinds {
        let once = "link add \(kind.words)\naddress add 10.9.9.9/24 dev made\nlink set made up\nlink delete made\n"
        write(String(repeating: once, count: count), to: folder + "/making")
        for (clock, words) in [(LinkStand.Clock.processor, ""), (.wall, ", wall time")] {
            let times = try inTurn(
                clock == .wall ? 5 : 11,
                [
                    {
                        try stand.time(count, clock) {
                            try stand.socket.add(LinkSpecification(name, kind.variant))
                            let link = try stand.socket.link(named: name).index
                            var batch = RouteBatch()
                            if let address = LinkAddress(address, prefixLength: 24, on: link) { batch.add(address) }
                            batch.update(link, LinkSettings(isUp: true))
                            batch.remove(link)
                            if let failure = try stand.socket.perform(batch).first { throw failure.error }
                        }
                    },
                    {
                        let all = try stand.ip(clock, "-batch", folder + "/making")
                        return (all - (try stand.ip(clock, "-batch", folder + "/nothing"))) / Double(count)
                    },
                ])
            let ours = Row(group, "make, configure, remove \(kind.name)\(words)", samples: times[0], unit: "µs")
            let rival = Row(group, "the same, ip -batch without its start\(words)", samples: times[1], unit: "µs")
            rows += [
                ours, rival,
                Row(
                    group, "\(kind.name) against ip -batch\(words)", value: ours.median / rival.median, unit: "×",
                    target: .atMost(1.2)),
            ]
        }
    }
    return rows
}
