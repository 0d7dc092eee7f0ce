import Glibc
import IPAMCore
import NetlinkKit

/// Whole processes of `coordinator`: ADD and DEL of a Pod's first and second underlay interface, both families, by the number of
/// Pods on the node, beside `ip` making no more than the pair of links. Needs root.
func coordinatorRows(coordinator: String?) -> [Row] {
    guard let coordinator else {
        print("note: no coordinator rows, since no --coordinator PATH was given")
        return []
    }
    do {
        let counts = [1, 100, 1000]
        let stands = try counts.map { try CoordinatorStand(coordinator, pods: $0) }
        var samples = stands.map { _ in CoordinatorSamples() }
        for round in 0..<(3 + 41) {
            for (index, stand) in stands.enumerated() {
                let times = try stand.round()
                if round >= 3 { samples[index].add(times) }
            }
        }
        let memory = stands[0].peakMemory()
        return rows(counts, samples) + [
            Row(group, "ADD, first interface, peak memory", value: memory, unit: "MiB", target: .atMost(8))
        ]
    } catch {
        fail("\(error)")
    }
}

private let group = "coordinator"

/// What takes time in one round.
private enum CoordinatorStep: String, CaseIterable {
    case addFirst = "ADD, first interface"
    case addAgain = "ADD again, first interface"
    case addSecond = "ADD, second interface"
    case deleteSecond = "DEL, second interface"
    case deleteFirst = "DEL, first interface"
    case makePair = "ip -batch that makes the pair"
    case removePair = "ip -batch that removes the pair"
}

/// Milliseconds of wall time by step.
private struct CoordinatorSamples {
    private(set) var times: [CoordinatorStep: [Double]] = [:]

    mutating func add(_ round: [CoordinatorStep: Double]) {
        for (step, time) in round { times[step, default: []].append(time) }
    }
}

private func rows(_ counts: [Int], _ samples: [CoordinatorSamples]) -> [Row] {
    var rows: [Row] = []
    for step in CoordinatorStep.allCases {
        let all = counts.indices.map { index in
            Row(
                group, "\(step.rawValue), \(counts[index]) Pods", samples: samples[index].times[step] ?? [], unit: "ms",
                target: step == .addFirst && index == 0 ? .atMost(6) : nil)
        }
        rows += all
        guard step == .addFirst || step == .addSecond else { continue }
        rows.append(
            Row(
                group, "\(step.rawValue), \(counts[counts.count - 1]) Pods against 1",
                value: all[all.count - 1].median / all[0].median, unit: "×", target: .atMost(1.5)))
    }
    return rows
}

/// A node in a namespace with two networks and some Pods, and one Pod more with two interfaces.
private final class CoordinatorStand {
    private let node: NetworkNamespace
    private let pod: NetworkNamespace
    private let others: NetworkNamespace
    private let folder: String
    private let coordinator: String
    private var podSocket: RouteSocket
    private let podPath: String

    init(_ coordinator: String, pods: Int) throws {
        self.coordinator = coordinator
        let name = "ipam-benchmarks-coordinator.\(getpid()).\(pods)"
        folder = "/tmp/\(name)"
        mkdir(folder, 0o700)
        podPath = "\(folder)/pod"
        node = try NetworkNamespace.create()
        pod = try NetworkNamespace.create()
        others = try NetworkNamespace.create()
        try pod.pin(at: .init(podPath))
        podSocket = try pod.perform { () throws(NetlinkError) in try RouteSocket() }
        for interface in ["eth0", "net1"] {
            write(
                """
                {"cniVersion": "1.0.0", "name": "bench", "type": "coordinator", "agent": false,
                 "overlayPodCIDR": ["10.244.0.0/16", "fd00:244::/56"], "hijackCIDR": ["169.254.0.0/16"],
                 "serviceCIDR": ["10.96.0.0/12", "fd00:96::/112"],
                 "logOptions": {"logFile": "\(folder)/log", "logLevel": "error"},
                 "prevResult": {"cniVersion": "1.0.0", "interfaces": [{"name": "\(interface)", "sandbox": "/pod"}]}}
                """, to: "\(folder)/\(interface).json")
        }
        write("link add vethbench type veth peer name vethbench0\n", to: "\(folder)/making")
        write("link delete vethbench\n", to: "\(folder)/removing")
        try shell(
            """
            link set lo up
            link add ens1 type veth peer name wire1
            link add ens2 type veth peer name wire2
            address add 172.22.0.11/16 dev ens1
            address add fd00:22::11/64 dev ens1 nodad
            address add 172.23.0.11/16 dev ens2
            address add fd00:23::11/64 dev ens2 nodad
            link set ens1 up
            link set ens2 up
            link set wire1 up
            link set wire2 up
            link add eth0 link ens1 type macvlan mode bridge
            link add net1 link ens2 type macvlan mode bridge
            link set eth0 netns \(podPath)
            link set net1 netns \(podPath)

            """, in: node)
        try shell(
            """
            link set lo up
            link set eth0 up
            link set net1 up
            address add 172.22.4.10/16 dev eth0
            address add fd00:22::a/64 dev eth0 nodad
            address add 172.23.4.10/16 dev net1
            address add fd00:23::a/64 dev net1 nodad
            route add default via 172.22.0.1 dev eth0
            -6 route add default via fd00:22::1 dev eth0

            """, in: pod)
        try populate(pods - 1)
    }

    deinit {
        _ = try? NetworkNamespace.unpin(.init(podPath))
        for file in ["eth0.json", "net1.json", "making", "removing", "log", "commands", "peak", "peak.txt"] {
            unlink("\(folder)/\(file)")
        }
        rmdir(folder)
    }

    /// What the node has of other Pods: a link, and a route and a neighbour for each family.
    private func populate(_ count: Int) throws {
        var socket = try node.perform { () throws(NetlinkError) in try RouteSocket() }
        var links = RouteBatch()
        try others.withDescriptor { (descriptor) throws(NetlinkError) in
            for number in 0..<count {
                guard let outer = InterfaceName("veth\(number)"), let inner = InterfaceName("p\(number)") else { continue }
                let peer = LinkSpecification.Peer(inner, settings: LinkSettings(namespace: .descriptor(descriptor)))
                links.add(LinkSpecification(outer, .veth(peer), settings: LinkSettings(isUp: true)))
            }
            if let failure = try socket.perform(links).first { throw failure.error }
        }
        var rest = RouteBatch()
        for link in try socket.links() where link.name.hasPrefix("veth") {
            let number = UInt32(link.name.dropFirst(4)) ?? 0
            let addresses: [IPAddress] = [
                .v4(IPv4Address(bits: 0xac16_1000 + number)),
                .v6(IPv6Address(high: 0xfd00_0022_0000_0000, low: 0x1_0000 + UInt64(number))),
            ]
            for address in addresses {
                rest.add(
                    Route(
                        to: CIDR(address), path: .hop(NextHop(link: link.index)), table: RouteTable(rawValue: 500)))
                rest.add(Neighbor(address, on: link.index, hardwareAddress: MACAddress(2, 0, 0, 0, 0, 1)))
            }
        }
        if let failure = try socket.perform(rest).first { throw failure.error }
    }

    /// One round, from a Pod that was never coordinated to one that is not any more.
    func round() throws -> [CoordinatorStep: Double] {
        var times: [CoordinatorStep: Double] = [:]
        times[.addFirst] = try call("ADD", "eth0")
        times[.addAgain] = try call("ADD", "eth0")
        try restoreDefaults()
        times[.addSecond] = try call("ADD", "net1")
        times[.deleteSecond] = try call("DEL", "net1")
        times[.deleteFirst] = try call("DEL", "eth0")
        times[.makePair] = try time(["ip", "-batch", "\(folder)/making"], [], input: "/dev/null")
        times[.removePair] = try time(["ip", "-batch", "\(folder)/removing"], [], input: "/dev/null")
        return times
    }

    /// What the main plugin of the second interface does: its default routes.
    private func restoreDefaults() throws {
        guard let name = InterfaceName("net1") else { return }
        let link = try podSocket.link(named: name).index
        var batch = RouteBatch()
        let gateways: [IPAddress] = [
            .v4(IPv4Address(172, 23, 0, 1)), .v6(IPv6Address(high: 0xfd00_0023_0000_0000, low: 1)),
        ]
        for gateway in gateways {
            let hop = NextHop(link: link, gateway: gateway)
            batch.prepend(Route(to: CIDR.everything(in: gateway.family), path: .hop(hop)))
        }
        if let failure = try podSocket.perform(batch).first { throw failure.error }
    }

    private func variables(_ command: String, _ interface: String) -> [String] {
        [
            "CNI_COMMAND=\(command)", "CNI_CONTAINERID=9f8e7d6c5b4a", "CNI_IFNAME=\(interface)", "CNI_PATH=/nowhere",
            "CNI_NETNS=\(podPath)",
        ]
    }

    private func call(_ command: String, _ interface: String) throws -> Double {
        try time([coordinator], variables(command, interface), input: "\(folder)/\(interface).json")
    }

    private func time(_ arguments: [String], _ variables: [String], input: String) throws -> Double {
        try node.perform {
            let begin = nanoseconds(CLOCK_MONOTONIC)
            guard let child = start(arguments, variables, input: input, output: "/dev/null"), wait(for: child) == 0
            else { fail("\(arguments.joined(separator: " ")) failed, see \(folder)/log") }
            return Double(nanoseconds(CLOCK_MONOTONIC) - begin) / 1_000_000
        }
    }

    /// Runs commands of `ip` in a namespace.
    private func shell(_ commands: String, in namespace: borrowing NetworkNamespace) throws {
        let file = "\(folder)/commands"
        write(commands, to: file)
        try namespace.perform {
            let child = start(["ip", "-batch", file], [], input: "/dev/null", output: "/dev/null")
            guard let child, wait(for: child) == 0 else { fail("ip -batch \(file) failed; it needs root") }
        }
    }

    /// The largest resident memory of an ADD in mebibytes, as a small static program that starts it sees it.
    func peakMemory() -> Double {
        let source = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/Programs/peak.c"
        let build = ["cc", "-static", "-O2", "-w", source, "-o", "\(folder)/peak"]
        guard let compiler = start(build, [], input: "/dev/null", output: "/dev/null"), wait(for: compiler) == 0 else {
            fail("cc -static could not build \(source)")
        }
        let output = "\(folder)/peak.txt"
        do {
            try node.perform {
                let child = start(
                    ["\(folder)/peak", coordinator], variables("ADD", "eth0"), input: "\(folder)/eth0.json",
                    output: output)
                guard let child, wait(for: child) == 0 else { fail("the peak memory cannot be measured") }
            }
            _ = try call("DEL", "eth0")
        } catch {
            fail("\(error)")
        }
        guard let kibibytes = Double(content(output).split(whereSeparator: \.isNewline).last ?? "") else {
            fail("the peak memory cannot be measured")
        }
        return kibibytes / 1024
    }
}
