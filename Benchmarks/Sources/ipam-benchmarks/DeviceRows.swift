import Glibc
import IPAMCore
import NetlinkKit

/// Whole processes of `ifacer`: ADD when everything is there, by the number of links of the node, and when a VLAN interface or a
/// bond has to be made, beside `ip` doing the same. Needs root.
///
/// A kernel that knows neither VLANs nor bonds leaves the rows with one interface only; `Scripts/vm/run` has one that knows them,
/// and is so much slower that only its ratios tell something.
func deviceRows(ifacer: String?) -> [Row] {
    guard let ifacer else {
        print("note: no device rows, since no --ifacer PATH was given")
        return []
    }
    do {
        return try existingRows(ifacer) + makingRows(ifacer)
    } catch {
        fail("\(error)")
    }
}

private let group = "devices"

/// What is asked for, and the commands of `ip` that make it and that show whether it is there.
private struct Wanted {
    let name: String
    let keys: String
    let making: String
    let showing: [String]
    let removing: String

    static let interface = Wanted(
        name: "one interface", keys: #""interfaces": ["ens1"]"#, making: "", showing: ["ens1"], removing: "")
    static let vlan = Wanted(
        name: "VLAN", keys: #""interfaces": ["ens1"], "vlanID": 7"#,
        making: "link add link ens1 name ens1.7 type vlan id 7\nlink set ens1.7 up\n", showing: ["ens1", "ens1.7"],
        removing: "link delete ens1.7\n")
    static let bond = Wanted(
        name: "bond of two with VLAN",
        keys: #""interfaces": ["ens2", "ens3"], "vlanID": 8, "bond": {"name": "bond0", "mode": 1}"#,
        making: """
            link add bond0 type bond mode active-backup miimon 100
            link set ens2 down
            link set ens2 master bond0
            link set ens3 down
            link set ens3 master bond0
            link set bond0 up
            link add link bond0 name bond0.8 type vlan id 8
            link set bond0.8 up

            """, showing: ["bond0", "ens2", "ens3", "bond0.8"], removing: "link delete bond0\n")
}

/// A node in a namespace of its own, with three cards and some more links.
private final class DeviceStand {
    private let namespace: NetworkNamespace
    private let folder: String
    private let ifacer: String
    /// What this kernel can make.
    let wanted: [Wanted]

    init(_ ifacer: String, links: Int) throws {
        self.ifacer = ifacer
        folder = "/tmp/ipam-benchmarks-devices.\(getpid()).\(links)"
        mkdir(folder, 0o700)
        namespace = try NetworkNamespace.create()
        var socket = try namespace.perform { () throws(NetlinkError) in try RouteSocket() }
        var batch = RouteBatch()
        for number in 0..<max(links / 2, 3) {
            guard let name = InterfaceName(number < 3 ? "ens\(number + 1)" : "link\(number)"),
                let peer = InterfaceName("peer\(number)")
            else { continue }
            batch.add(LinkSpecification(name, .veth(.init(peer))))
        }
        if let failure = try socket.perform(batch).first { throw failure.error }
        wanted = [.interface] + (try socket.supports(.vlan) && socket.supports(.bond) ? [.vlan, .bond] : [])
        for wanted in wanted {
            write(
                """
                {"cniVersion": "1.0.0", "name": "bench", "type": "ifacer", \(wanted.keys),
                 "logOptions": {"logFile": "\(folder)/log"}}
                """, to: "\(folder)/\(wanted.name).json")
            write(wanted.making, to: "\(folder)/\(wanted.name).making")
            write(wanted.removing, to: "\(folder)/\(wanted.name).removing")
            write(
                wanted.showing.map { "link show dev \($0)\n" }.joined(), to: "\(folder)/\(wanted.name).showing")
        }
    }

    deinit {
        for wanted in wanted {
            for kind in ["json", "making", "removing", "showing"] { unlink("\(folder)/\(wanted.name).\(kind)") }
        }
        unlink("\(folder)/log")
        rmdir(folder)
    }

    /// The wall time of an ADD in milliseconds.
    func add(_ wanted: Wanted) throws -> Double {
        try time(
            [ifacer],
            [
                "CNI_COMMAND=ADD", "CNI_CONTAINERID=box", "CNI_IFNAME=eth0", "CNI_PATH=/nowhere",
                "CNI_NETNS=/proc/self/ns/net", "CNI_NETNS_OVERRIDE=1",
            ], input: "\(folder)/\(wanted.name).json")
    }

    /// The wall time of `ip` with a file of commands.
    func ip(_ wanted: Wanted, _ kind: String) throws -> Double {
        try time(["ip", "-batch", "\(folder)/\(wanted.name).\(kind)"], [], input: "/dev/null")
    }

    private func time(_ arguments: [String], _ variables: [String], input: String) throws -> Double {
        try namespace.perform {
            let begin = nanoseconds(CLOCK_MONOTONIC)
            guard let child = start(arguments, variables, input: input, output: "/dev/null"), wait(for: child) == 0
            else { fail("\(arguments.joined(separator: " ")) failed") }
            return Double(nanoseconds(CLOCK_MONOTONIC) - begin) / 1_000_000
        }
    }
}

private func existingRows(_ ifacer: String) throws -> [Row] {
    let counts = [10, 1000, 4000]
    let stands = try counts.map { try DeviceStand(ifacer, links: $0) }
    var rows: [Row] = []
    for wanted in stands[0].wanted {
        for stand in stands { _ = try stand.add(wanted) }
        var samples = stands.map { _ in [Double]() }
        var rival: [Double] = []
        for round in 0..<(5 + 101) {
            for (index, stand) in stands.enumerated() {
                let time = try stand.add(wanted)
                if round >= 5 { samples[index].append(time) }
            }
            let time = try stands[2].ip(wanted, "showing")
            if round >= 5 { rival.append(time) }
        }
        let ours = counts.indices.map { index in
            Row(
                group, "ADD, \(wanted.name) is there, \(counts[index]) links", samples: samples[index], unit: "ms",
                target: .atMost(1.5))
        }
        let ip = Row(group, "ip -batch that shows the same links, 4000 links", samples: rival, unit: "ms")
        rows += ours + [ip]
        rows += [
            Row(
                group, "ADD, \(wanted.name) is there, 4000 links against 10", value: ours[2].median / ours[0].median,
                unit: "×", target: .atMost(1.1)),
            Row(
                group, "ADD, \(wanted.name) is there, against ip", value: ours[2].median / ip.median, unit: "×",
                target: .atMost(1)),
        ]
    }
    return rows
}

private func makingRows(_ ifacer: String) throws -> [Row] {
    let stand = try DeviceStand(ifacer, links: 10)
    var rows: [Row] = []
    for wanted in stand.wanted.dropFirst() {
        var samples: [[Double]] = [[], []]
        for round in 0..<(2 + 21) {
            let ours = try stand.add(wanted)
            _ = try stand.ip(wanted, "removing")
            let theirs = try stand.ip(wanted, "making")
            _ = try stand.ip(wanted, "removing")
            guard round >= 2 else { continue }
            samples[0].append(ours)
            samples[1].append(theirs)
        }
        let ours = Row(group, "ADD, \(wanted.name) is made", samples: samples[0], unit: "ms")
        let theirs = Row(group, "ip -batch that makes the same", samples: samples[1], unit: "ms")
        rows += [
            ours, theirs,
            Row(
                group, "ADD, \(wanted.name) is made, against ip", value: ours.median / theirs.median, unit: "×",
                target: .atMost(1.5)),
        ]
    }
    return rows
}
