import Glibc
import JSONTree
import Testing

/// A host with podman, as the guide sets one up: CNI networks whose addresses are ours, containers from a root file
/// system of one program, and a gateway at the other end of the wire. It is for the virtual machine: what is made here ends
/// with it, or with the value.
final class PodmanHost {
    let host: Host
    var folder: TemporaryFolder { host.folder }

    /// A rack with a gateway, and a second network without one.
    static let pools = """
        apiVersion: spiderpool.spidernet.io/v2beta1
        kind: SpiderIPPool
        metadata: {name: rack-v4}
        spec:
          subnet: 10.6.0.0/16
          ips: [10.6.168.101-10.6.168.200]
          gateway: 10.6.0.1
          routes: [{dst: 172.20.0.0/16, gw: 10.6.0.254}]
        ---
        apiVersion: spiderpool.spidernet.io/v2beta1
        kind: SpiderIPPool
        metadata: {name: rack-v6}
        spec: {subnet: "fd00:6::/64", ips: ["fd00:6::100-fd00:6::ffff"], gateway: "fd00:6::1"}
        ---
        apiVersion: spiderpool.spidernet.io/v2beta1
        kind: SpiderIPPool
        metadata: {name: storage}
        spec: {subnet: 10.7.0.0/16, ips: [10.7.0.10-10.7.0.20]}
        ---
        apiVersion: spiderpool.spidernet.io/v2beta1
        kind: SpiderIPPool
        metadata: {name: small}
        spec: {subnet: 10.8.0.0/24, ips: [10.8.0.1-10.8.0.2]}
        """

    /// The workload named `db` keeps its address.
    static let workloads = """
        {"apiVersion": "spiderpool.spidernet.io/v2beta1", "kind": "WorkloadList",
         "workloads": [{"match": {"podName": "db"}, "identity": "db"}]}
        """

    init() throws {
        host = try Host(Self.pools)
        for name in ["cni", "networks", "storage", "state", "root", "root/bin"] {
            mkdir(folder.path(name), 0o755)
        }
        for name in ["dev", "etc", "proc", "run", "sys", "tmp"] { mkdir(folder.path("root/\(name)"), 0o755) }
        try Program.system("cp", "/run/vm/busybox", folder.path("root/bin/busybox"), in: folder)
        for name in ["ip", "ping", "sh", "sleep"] { symlink("busybox", folder.path("root/bin/\(name)")) }
        for plugin in ["bridge", "macvlan"] {
            symlink("/usr/lib/cni/\(plugin)", folder.path("cni/\(plugin)"))
        }
        symlink(Program.ipam, folder.path("cni/spiderpool"))
        folder.write(Self.workloads, to: "workloads.json")
        folder.write(
            """
            [network]
            network_backend = "cni"
            cni_plugin_dirs = ["\(folder.path("cni"))"]
            network_config_dir = "\(folder.path("networks"))"
            [engine]
            runtime = "crun"
            cgroup_manager = "cgroupfs"
            events_logger = "file"
            [containers]
            log_driver = "k8s-file"
            """, to: "containers.conf")
        folder.write(
            """
            [storage]
            driver = "vfs"
            graphroot = "\(folder.path("storage"))"
            runroot = "\(folder.path("state"))"
            """, to: "storage.conf")
        try wire()
        try network("rack", ["type": "macvlan", "master": "uplink", "mode": "bridge"], "rack-v4", "rack-v6")
        try network("storage", ["type": "bridge", "bridge": "storage0"], "storage")
        try network("small", ["type": "bridge", "bridge": "small0"], "small")
    }

    deinit {
        _ = try? start(["rm", "--force", "--all", "--time", "0"]).wait()
        // Bridges are there only in tests that used them.
        for words in ["netns delete gateway", "link delete storage0", "link delete small0"] {
            _ = try? RunningProgram(["ip"] + words.split(separator: " ").map(String.init), in: folder).wait()
        }
    }

    /// The rack's wire: `uplink` here, a gateway at the other end.
    private func wire() throws {
        try Program.system("ip", "netns", "add", "gateway", in: folder)
        for command in [
            "link add uplink type veth peer name eth0 netns gateway", "link set uplink up",
            "-n gateway link set eth0 up", "-n gateway address add 10.6.0.1/16 dev eth0",
            "-n gateway address add fd00:6::1/64 dev eth0 nodad",
        ] {
            let words = ["ip"] + command.split(separator: " ").map(String.init)
            let outcome = try RunningProgram(words, in: folder).wait()
            try #require(outcome.status == 0, "ip \(command): \(outcome.diagnostics)")
        }
    }

    /// Writes a network of podman's.
    private func network(_ name: String, _ main: JSONObject, _ ipv4: String, _ ipv6: String? = nil) throws {
        var keys: JSONObject = [
            "default_ipv4_ippool": [.string(ipv4)], "workloads": .string(folder.path("workloads.json")),
        ]
        if let ipv6 { keys["default_ipv6_ippool"] = [.string(ipv6)] }
        var plugin = main
        plugin["ipam"] = host.configuration(keys)["ipam"]
        let list: JSONObject = ["cniVersion": "1.0.0", "name": .string(name), "plugins": [.object(plugin)]]
        folder.write(JSONValue.object(list).text(), to: "networks/\(name).conflist")
    }

    /// Starts podman.
    func start(_ arguments: [String]) throws -> RunningProgram {
        try RunningProgram(
            ["podman"] + arguments,
            environment: [
                "CONTAINERS_CONF": folder.path("containers.conf"),
                "CONTAINERS_STORAGE_CONF": folder.path("storage.conf"), "HOME": "/root",
                // Under emulation a fifth of podman's time is its garbage collection.
                "GOGC": "off",
            ], in: folder)
    }

    /// Runs podman, which has to succeed; its lines.
    @discardableResult
    func podman(_ arguments: String...) throws -> [String] {
        let outcome = try start(arguments).wait()
        try #require(outcome.status == 0, "podman \(arguments.joined(separator: " ")): \(outcome.diagnostics)")
        return outcome.output.split(separator: "\n").map(String.init)
    }

    /// Starts to start a container that does nothing.
    func launch(_ name: String, on networks: [String]) throws -> RunningProgram {
        try start(
            ["run", "--detach", "--name", name] + networks.flatMap { ["--network", $0] }
                + ["--rootfs", folder.path("root"), "sleep", "3600"])
    }

    /// Starts a container that does nothing; its ID.
    @discardableResult
    func run(_ name: String, on networks: String...) throws -> String {
        let outcome = try launch(name, on: networks).wait()
        try #require(outcome.status == 0, "podman run \(name): \(outcome.diagnostics)")
        return String(outcome.output.prefix { !$0.isNewline })
    }

    /// What a command line prints inside a container.
    func inside(_ name: String, _ line: String) throws -> String {
        try podman("exec", name, "sh", "-c", line).joined(separator: "\n")
    }
}
