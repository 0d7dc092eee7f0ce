import EmbeddedStore
import Glibc
import JSONTree
import Testing

/// Something that a program does to the state, and what was there before.
struct KilledOperation: Sendable, CustomTestStringConvertible {
    enum Program: Sendable {
        case plugin(command: String, container: String, identity: String?)
        case control([String])
    }

    let name: String
    var program: Program
    var input = ""
    /// Whether there is a state file before.
    var hasState = true
    /// What is done to the state file before, in SQL.
    var sql = ""

    var testDescription: String { name }

    static let more = """
        apiVersion: spiderpool.spidernet.io/v2beta1
        kind: SpiderIPPool
        metadata: {name: c}
        spec: {subnet: 10.7.0.0/16, ips: [10.7.0.1-10.7.0.9]}
        ---
        apiVersion: spiderpool.spidernet.io/v2beta1
        kind: SpiderReservedIP
        metadata: {name: r}
        spec: {ips: [10.7.0.3]}
        """

    static let imported = """
        apiVersion: whereabouts.cni.cncf.io/v1alpha1
        kind: IPPool
        metadata: {name: 10.6.168.200-29}
        spec:
          range: 10.6.168.200/29
          allocations:
            "1": {id: 0123456789ab, podref: shop/web-0, ifname: eth0}
            "2": {id: ba9876543210, podref: shop/web-1, ifname: eth0}
        """

    /// A file as the programs wrote it that knew no history.
    static let layout1 = "DROP TABLE history; DELETE FROM meta WHERE key = 'history'; PRAGMA user_version = 1"

    static let all = [
        KilledOperation(
            name: "ADD", program: .plugin(command: "ADD", container: "late", identity: nil)),
        KilledOperation(
            name: "ADD of a fixed workload", program: .plugin(command: "ADD", container: "late", identity: "db")),
        KilledOperation(
            name: "ADD that resumes a fixed workload",
            program: .plugin(command: "ADD", container: "late", identity: "kept")),
        KilledOperation(name: "DEL", program: .plugin(command: "DEL", container: "plain", identity: nil)),
        KilledOperation(
            name: "DEL of a fixed workload", program: .plugin(command: "DEL", container: "runs", identity: "runs")),
        KilledOperation(
            name: "creation of the file", program: .control(["apply", "-f", "-"]), input: more, hasState: false),
        KilledOperation(name: "apply", program: .control(["apply", "-f", "-"]), input: more),
        KilledOperation(
            name: "import", program: .control(["import", "whereabouts", "--apply", "-"]), input: imported),
        KilledOperation(
            name: "repair", program: .control(["check", "--repair"]), sql: "DELETE FROM owners WHERE owner = 'plain'"),
        KilledOperation(
            name: "upgrade of layout 1", program: .plugin(command: "ADD", container: "late", identity: nil),
            sql: layout1),
    ]
}

/// `kill -9` before every system call that writes: everything was done, or nothing.
@Suite struct KillTests {
    /// A host with a plain, a running fixed and a retained claim, and what the operation wants.
    static func host(for operation: KilledOperation) throws -> Host {
        guard operation.hasState else { return Host.empty() }
        let host = try Host()
        func fixed(_ identity: String) -> JSONValue {
            host.configuration(["default_ipv4_ippool": ["a"], "identity": .string(identity)])
        }
        _ = try host.add(container: "plain")
        _ = try host.add(fixed("runs"), container: "runs")
        _ = try host.add(fixed("kept"), container: "gone")
        try #require(try host.run("DEL", fixed("kept"), container: "gone").status == 0)
        if !operation.sql.isEmpty {
            try Program.system("sqlite3", host.folder.store, operation.sql, in: host.folder)
        }
        return host
    }

    /// Starts the operation, under `strace` when a wrapper is given.
    static func start(
        _ operation: KilledOperation, on host: Host, _ wrap: ([String]) -> [String] = { $0 }
    ) throws -> RunningProgram {
        switch operation.program {
        case .plugin(let command, let container, let identity):
            var keys: JSONObject = ["default_ipv4_ippool": ["a"]]
            keys["identity"] = identity.map { .string($0) }
            return try RunningProgram(
                wrap([Program.ipam]), environment: Host.environment(command, container: container),
                input: host.configuration(keys).text(), in: host.folder)
        case .control(let arguments):
            return try RunningProgram(
                wrap([Program.spiderpoolctl, "--store", host.folder.store] + arguments), input: operation.input,
                in: host.folder)
        }
    }

    @Test(arguments: KilledOperation.all) func everythingOrNothing(_ operation: KilledOperation) throws {
        let model = try Self.host(for: operation)
        let before = StateImage(of: model.folder)
        let log = model.folder.path("calls")
        let whole = try Self.start(operation, on: model) {
            Trace.command($0, recording: Trace.writes, to: log)
        }.wait()
        try #require(whole.status == 0, "\(whole.refusal) \(whole.diagnostics)")
        let after = try StateContent(of: model.folder)
        let original = Host.empty()
        before.write(to: original.folder)
        // What is damaged on purpose cannot be compared, only mended.
        let old = operation.name == "repair" ? nil : try StateContent(of: original.folder)
        let counts = Dictionary(grouping: Trace.calls(in: model.folder.read("calls")), by: \.name).mapValues(\.count)
        #expect(counts["pwrite64", default: 0] > 3, "what was traced did not write: \(counts)")
        // Locks are many, and only some of them lie between two changes of the memory that is shared.
        let places = counts.sorted { $0.key < $1.key }.flatMap { call, count in
            stride(from: 1, through: count, by: call == "fcntl" ? 3 : 1).map { (call, $0) }
        }
        var kills = 0
        for start in stride(from: 0, to: places.count, by: Self.atOnce) {
            let running = try places[start..<min(start + Self.atOnce, places.count)].map { call, number in
                let host = Host.empty()
                before.write(to: host.folder)
                let program = try Self.start(operation, on: host) {
                    Trace.command($0, killingAt: call, number: number)
                }
                return (place: "\(call) \(number)", host: host, program: program)
            }
            for run in running {
                let outcome = run.program.wait()
                // Waiting for a lock may have taken another number of calls.
                guard outcome.status != 0 else { continue }
                kills += 1
                try Self.expectWhole(operation, old, after, run.host, outcome, "killed before \(run.place)")
            }
        }
        #expect(kills >= places.count * 9 / 10)
    }

    /// How many programs run at once.
    private static let atOnce = 4

    private static func expectWhole(
        _ operation: KilledOperation, _ old: StateContent?, _ after: StateContent, _ host: Host, _ outcome: Outcome,
        _ place: String
    ) throws {
        #expect(outcome.status == 128 + SIGKILL, "\(place): \(outcome.refusal) \(outcome.diagnostics)")
        if let old {
            let left = StateImage(of: host.folder)
            let content = try StateContent(of: host.folder)
            #expect(content == old || content == after, "\(place)")
            if outcome.document?["ips"] != nil { #expect(content == after, "\(place)") }
            // Looking may have mended something.
            left.write(to: host.folder)
        }
        let again = try start(operation, on: host).wait()
        #expect(again.status == 0, "\(place), then again: \(again.refusal) \(again.diagnostics)")
        #expect(try StateContent(of: host.folder) == after, "\(place), then again")
    }
}
