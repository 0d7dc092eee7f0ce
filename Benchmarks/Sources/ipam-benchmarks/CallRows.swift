import EmbeddedStore
import Glibc
import IPAMCore
import IPAMEngine
import PoolModel

/// ADD and DEL as a runtime makes them: whole processes, by the number of addresses in use, and many at once, beside
/// Debian's `host-local`.
///
/// With nothing in use also beside a static C program that does no more than the transaction of such an ADD: what is
/// left to gain on SQLite lies between the two.
func callRows(ipam: String?, large: Bool) -> [Row] {
    guard let ipam else {
        print("note: no call rows, since no --ipam PATH was given")
        return []
    }
    let group = "calls"
    var rows: [Row] = []
    var medians: [String: Double] = [:]
    for size in [0, 1_000, 10_000, 30_000] + (large ? [1_000_000] : []) {
        let stand = CallStand(ipam: ipam, inUse: size)
        defer { stand.remove() }
        var plugins = [stand.ours]
        if size <= 30_000 { plugins.append(stand.hostLocal) }
        if size == 0 { plugins.append(stand.floor()) }
        for (name, samples) in stand.inTurn(plugins, rounds: size > 1_000 ? 41 : 201) {
            let row = Row(group, "\(name), \(size) in use", samples: samples, unit: "ms")
            medians[row.name] = row.median
            rows.append(row)
        }
        if size == 0 || size == 1_000_000 {
            rows.append(
                Row(
                    group, "ipam ADD, peak memory, \(size) in use", value: stand.peakMemory(), unit: "MiB",
                    target: .atMost(8)))
        }
    }
    func ratio(_ name: String, _ first: String, _ second: String, _ limit: Double?) {
        guard let first = medians[first], let second = medians[second] else { return }
        rows.append(Row(group, name, value: first / second, unit: "×", target: limit.map { .atMost($0) }))
    }
    let most = large ? 1_000_000 : 30_000
    for command in ["ADD", "DEL"] {
        ratio(
            "\(command), ipam against host-local, 0 in use", "ipam \(command), 0 in use",
            "host-local \(command), 0 in use", 0.5)
        ratio(
            "ipam \(command), \(most) in use against 0", "ipam \(command), \(most) in use", "ipam \(command), 0 in use",
            1.3)
    }
    let floor = "bare transaction in C ADD, 0 in use"
    ratio("ADD, bare transaction in C against host-local, 0 in use", floor, "host-local ADD, 0 in use", nil)
    ratio("ADD, ipam against bare transaction in C, 0 in use", "ipam ADD, 0 in use", floor, nil)
    return rows + manyAtOnce(group, ipam)
}

/// 64 ADDs at once.
private func manyAtOnce(_ group: String, _ ipam: String) -> [Row] {
    let count = 64
    let stand = CallStand(ipam: ipam, inUse: 0)
    defer { stand.remove() }
    let plugins = [stand.ours, stand.hostLocal]
    var samples: [[Double]] = [[], []]
    for round in 0..<15 {
        for (index, plugin) in plugins.enumerated() {
            samples[index].append(stand.together(plugin, count: count, round: round))
        }
    }
    var rows: [Row] = []
    for (plugin, times) in zip(plugins, samples) {
        let name = "\(plugin.name), \(count) ADDs at once"
        rows.append(Row(group, name + ", until the last is done", samples: times, unit: "ms"))
        rows.append(Row(group, name + ", rate", samples: times.map { Double(count) * 1000 / $0 }, unit: "/s"))
    }
    let ratio = rows[1].median / rows[3].median
    return rows + [
        Row(
            group, "\(count) ADDs at once, rate of ipam against host-local", value: ratio, unit: "×",
            target: .atLeast(1))
    ]
}

/// A plugin with its configuration.
private struct Plugin {
    let name: String
    let path: String
    let configuration: String
}

/// Two plugins with the same addresses in use, in a folder of their own.
private final class CallStand {
    let ours: Plugin
    let hostLocal: Plugin
    private let folder = "/tmp/ipam-benchmarks-calls.\(getpid())"

    init(ipam: String, inUse size: Int) {
        mkdir(folder, 0o700)
        ours = Plugin(name: "ipam", path: ipam, configuration: folder + "/ours.json")
        hostLocal = Plugin(
            name: "host-local", path: "/usr/lib/cni/host-local", configuration: folder + "/host-local.json")
        write(
            """
            {"cniVersion": "1.0.0", "name": "bench", "type": "macvlan", "ipam": {"type": "spiderpool", "mode": "embedded",
             "store": "\(folder)/ipam.db", "log_file_path": "\(folder)/log", "log_level": "error",
             "default_ipv4_ippool": ["p"]}}
            """, to: ours.configuration)
        write(
            """
            {"cniVersion": "1.0.0", "name": "bench", "type": "macvlan", "ipam": {"type": "host-local",
             "dataDir": "\(folder)/host-local", "ranges": [[{"subnet": "10.0.0.0/11"}]]}}
            """, to: hostLocal.configuration)
        do {
            try fillOurs(size)
        } catch {
            fail("\(error)")
        }
        fillHostLocal(size)
    }

    private func fillOurs(_ size: Int) throws {
        var store = try EmbeddedStore(creating: folder + "/ipam.db")
        let pool = SpiderIPPool(named: "p", subnet: "10.0.0.0/11", ips: ["10.0.0.1-10.31.255.254"])
        _ = try store.apply([pool], now: Timestamp(seconds: 0))
        let candidate = PoolCandidate(pool: "p", addresses: pool.declaredAddresses)
        try StoreStand(store: store, pool: candidate).fill(size)
    }

    /// The files that `host-local` keeps: one for each address, with container and interface.
    private func fillHostLocal(_ size: Int) {
        let data = folder + "/host-local/bench"
        mkdir(folder + "/host-local", 0o700)
        mkdir(data, 0o700)
        var last = "10.0.0.1"
        for index in 0..<size {
            last = IPv4Address(bits: 0x0a00_0002 + UInt32(index)).description
            write("filled-\(index)\r\neth0", to: "\(data)/\(last)")
        }
        if size > 0 { write(last, to: "\(data)/last_reserved_ip.0") }
    }

    /// The C program, on a copy of our file as it is now.
    func floor() -> Plugin {
        let copy = folder + "/floor.db"
        compile("claim", ["-lsqlite3", "-lm", "-ldl"])
        for suffix in ["", "-wal"] where run(["cp", folder + "/ipam.db" + suffix, copy + suffix]) != 0 {
            stop("\(copy) cannot be written")
        }
        write(copy, to: folder + "/floor.txt")
        return Plugin(name: "bare transaction in C", path: folder + "/claim", configuration: folder + "/floor.txt")
    }

    /// Peak memory of an ADD of ours in MiB. The kernel counts the memory of the program that starts another with that
    /// of the other, so a small program starts it.
    func peakMemory() -> Double {
        compile("peak", [])
        let output = folder + "/peak.txt"
        guard wait(for: call(ours, "ADD", "peak", under: [folder + "/peak"], output: output)) == 0,
            wait(for: call(ours, "DEL", "peak", output: "/dev/null")) == 0,
            let kibibytes = Double(content(output).split(whereSeparator: \.isNewline).last ?? "")
        else { stop("the peak memory cannot be measured") }
        return kibibytes / 1024
    }

    /// Builds a program of `Programs`, static, into the folder.
    private func compile(_ name: String, _ libraries: [String]) {
        let source = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/Programs/\(name).c"
        let arguments = ["cc", "-static", "-O2", "-w", source, "-o", "\(folder)/\(name)"] + libraries
        guard run(arguments) == 0 else { stop("cc -static could not build \(source)") }
    }

    private func run(_ arguments: [String]) -> Int32 {
        start(arguments, [], input: "/dev/null", output: "/dev/null").map(wait(for:)) ?? -1
    }

    /// Wall times of ADD and DEL, the plugins in turn.
    func inTurn(_ plugins: [Plugin], rounds: Int) -> [(name: String, samples: [Double])] {
        var times: [String: [Double]] = [:]
        for round in 0..<(3 + rounds) {
            for command in ["ADD", "DEL"] {
                for plugin in plugins {
                    let begin = nanoseconds(CLOCK_MONOTONIC)
                    guard wait(for: call(plugin, command, "c\(round)", output: "/dev/null")) == 0 else {
                        stop("\(plugin.name) \(command) failed")
                    }
                    let time = Double(nanoseconds(CLOCK_MONOTONIC) - begin) / 1_000_000
                    if round >= 3 { times["\(plugin.name) \(command)", default: []].append(time) }
                }
            }
        }
        return times.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Starts many ADDs and waits for the last one; all must succeed with different addresses.
    func together(_ plugin: Plugin, count: Int, round: Int) -> Double {
        let names = (0..<count).map { "\(folder)/answer-\($0)" }
        let begin = nanoseconds(CLOCK_MONOTONIC)
        let children = (0..<count).map { call(plugin, "ADD", "m\(round)-\($0)", output: names[$0]) }
        let statuses = children.map(wait(for:))
        let time = Double(nanoseconds(CLOCK_MONOTONIC) - begin) / 1_000_000
        guard statuses.allSatisfy({ $0 == 0 }) else { stop("\(plugin.name): of \(count) ADDs at once some failed") }
        guard Set(names.map(content)).count == count else { stop("\(plugin.name): two got the same answer") }
        for index in 0..<count where wait(for: call(plugin, "DEL", "m\(round)-\(index)", output: "/dev/null")) != 0 {
            stop("\(plugin.name): DEL failed")
        }
        return time
    }

    private func call(
        _ plugin: Plugin, _ command: String, _ container: String, under starter: [String] = [], output: String
    ) -> pid_t {
        let variables = [
            "CNI_COMMAND=\(command)", "CNI_CONTAINERID=\(container)", "CNI_IFNAME=eth0", "CNI_PATH=/nowhere",
            "CNI_NETNS=/proc/self/ns/net", "CNI_NETNS_OVERRIDE=1",
        ]
        guard let child = start(starter + [plugin.path], variables, input: plugin.configuration, output: output) else {
            stop("\(plugin.path) cannot be started")
        }
        return child
    }

    private func content(_ path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
    }

    private func stop(_ reason: String) -> Never {
        remove()
        fail(reason)
    }

    func remove() {
        _ = start(["rm", "-rf", folder], [], input: "/dev/null", output: "/dev/null").map(wait(for:))
    }
}
