import Glibc
import JSONTree
import Testing

/// A host with a state file, and containers that ask for addresses through the real plugin.
struct Host {
    /// Where the programs' streams and log are, and the state unless said.
    let folder: TemporaryFolder
    /// Path of the state file.
    let store: String

    /// Pools as most tests need them.
    static let pools = """
        apiVersion: spiderpool.spidernet.io/v2beta1
        kind: SpiderIPPool
        metadata: {name: a}
        spec:
          subnet: 10.6.0.0/16
          ips: [10.6.168.101-10.6.168.104]
          gateway: 10.6.0.1
          routes: [{dst: 172.20.0.0/16, gw: 10.6.0.254}]
        ---
        apiVersion: spiderpool.spidernet.io/v2beta1
        kind: SpiderIPPool
        metadata: {name: b}
        spec: {subnet: 10.6.0.0/16, ips: [10.6.168.201-10.6.168.202]}
        ---
        apiVersion: spiderpool.spidernet.io/v2beta1
        kind: SpiderIPPool
        metadata: {name: a6}
        spec: {subnet: "fd00:6::/64", ips: ["fd00:6::100-fd00:6::ffff"], gateway: "fd00:6::1"}
        """

    /// Makes a host, with pools applied by the real tool.
    init(_ pools: String? = Host.pools) throws {
        self.init()
        guard let pools else { return }
        let outcome = try control("apply", "-f", "-", input: pools)
        try #require(outcome.status == 0, "\(outcome.diagnostics)")
    }

    private init() {
        folder = TemporaryFolder()
        store = folder.store
    }

    private init(_ store: String, _ folder: TemporaryFolder) {
        self.store = store
        self.folder = folder
    }

    /// A host whose state file is somewhere else.
    static func at(_ store: String, streams folder: TemporaryFolder) -> Host { Host(store, folder) }

    /// A host without a state file.
    static func empty() -> Host { Host() }

    /// Runs `spiderpoolctl` on the host's state file.
    func control(_ arguments: String..., input: String = "") throws -> Outcome {
        try control(arguments, input: input)
    }

    /// Runs `spiderpoolctl` on the host's state file.
    func control(_ arguments: [String], input: String = "") throws -> Outcome {
        try RunningProgram([Program.spiderpoolctl, "--store", store] + arguments, input: input, in: folder)
            .wait()
    }

    /// The present claims, as `address interface container`.
    func claims() throws -> [String] {
        let outcome = try control("claims", "-o", "json")
        try #require(outcome.status == 0, "\(outcome.diagnostics)")
        return (outcome.document?["claims"]?.arrayValue ?? []).map { claim in
            ["address", "interface", "containerID"].map { claim[$0]?.stringValue ?? "?" }.joined(separator: " ")
        }
    }

    /// A network's configuration; `keys` go into the `ipam` section and may replace what stands there.
    func configuration(
        _ keys: JSONObject = ["default_ipv4_ippool": ["a"]], version: String = "1.0.0", network: String = "rack",
        more: JSONObject = [:]
    ) -> JSONValue {
        var ipam: JSONObject = [
            "type": "spiderpool", "mode": "embedded", "store": .string(store),
            "log_file_path": .string(folder.path("log/plugin.log")),
        ]
        for member in keys.members { ipam[member.key] = member.value == .null ? nil : member.value }
        var document: JSONObject = [
            "cniVersion": .string(version), "name": .string(network), "type": "macvlan", "ipam": .object(ipam),
        ]
        for member in more.members { document[member.key] = member.value }
        return .object(document)
    }

    /// Starts the plugin as a runtime does; on a host that was started again if `bootID` is another one.
    func start(
        _ command: String, _ configuration: JSONValue, container: String = "box", interface: String = "eth0",
        arguments: String = "", namespace: String = Host.foreignNamespace, bootID: String? = nil
    ) throws -> RunningProgram {
        var program = [Program.ipam]
        if let bootID {
            folder.write(bootID, to: "boot_id")
            let line = #"mount --bind "$0" /proc/sys/kernel/random/boot_id && exec "$1""#
            program = ["unshare", "--mount", "sh", "-c", line, folder.path("boot_id")] + program
        }
        return try RunningProgram(
            program,
            environment: Self.environment(
                command, container: container, interface: interface, arguments: arguments, namespace: namespace),
            input: configuration.text(), in: folder)
    }

    /// The variables with which a runtime calls the plugin.
    static func environment(
        _ command: String, container: String = "box", interface: String = "eth0", arguments: String = "",
        namespace: String = Host.foreignNamespace
    ) -> [String: String] {
        [
            "CNI_COMMAND": command, "CNI_CONTAINERID": container, "CNI_IFNAME": interface, "CNI_NETNS": namespace,
            "CNI_PATH": "/nowhere", "CNI_ARGS": arguments,
        ]
    }

    /// Runs the plugin as a runtime does.
    func run(
        _ command: String, _ configuration: JSONValue? = nil, container: String = "box", interface: String = "eth0",
        arguments: String = "", namespace: String = Host.foreignNamespace
    ) throws -> Outcome {
        try start(
            command, configuration ?? self.configuration(), container: container, interface: interface,
            arguments: arguments, namespace: namespace
        ).wait()
    }

    /// The addresses of an ADD; a refusal fails the test.
    func add(
        _ configuration: JSONValue? = nil, container: String = "box", interface: String = "eth0", arguments: String = ""
    ) throws -> [String] {
        let outcome = try run(
            "ADD", configuration, container: container, interface: interface, arguments: arguments)
        try #require(outcome.status == 0, "\(outcome.refusal)")
        return (outcome.document?["ips"]?.arrayValue ?? []).compactMap { $0["address"]?.stringValue }
    }

    /// A network namespace that is not ours; made once, and ended with the process that holds it.
    static let foreignNamespace: String = {
        var (input, output): ([Int32], [Int32]) = ([0, 0], [0, 0])
        guard pipe(&input) == 0, pipe(&output) == 0 else { return "/nowhere" }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, input[0], 0)
        posix_spawn_file_actions_adddup2(&actions, output[1], 1)
        for descriptor in [input[1], output[0]] { posix_spawn_file_actions_addclose(&actions, descriptor) }
        var argv: [UnsafeMutablePointer<CChar>?] =
            ["unshare", "--net", "cat"].map { (word: String) in strdup(word) } + [nil]
        var process = pid_t()
        posix_spawnp(&process, "unshare", &actions, nil, &argv, environ)
        // The holder reads until this process ends and its side of the pipe with it.
        for descriptor in [input[1], output[0]] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        for descriptor in [input[0], output[1]] { close(descriptor) }
        // It answers when it is in its namespace.
        var byte: UInt8 = 0x21
        _ = write(input[1], &byte, 1)
        guard read(output[0], &byte, 1) == 1 else { return "/nowhere" }
        return "/proc/\(process)/ns/net"
    }()
}
