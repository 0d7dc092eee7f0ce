internal import JSONTree
internal import ManifestFile

/// How an agent runs: `conf.yml` of the ConfigMap `spiderpool-conf`, and the environment.
///
/// What starts an agent of the reference starts this one: the same keys, the same variables, the same defaults. A key that
/// means nothing gives a warning, a value that cannot be understood ends the start.
public struct AgentSettings: Sendable, Hashable {
    /// Where `conf.yml` is unless said.
    public static let defaultConfigPath = "/tmp/spiderpool/config-map/conf.yml"

    /// `ipamUnixSocketPath`: the plugins' socket.
    public var socketPath = "/var/run/spidernet/spiderpool.sock"
    /// `enableIPv4`.
    public var enablesIPv4 = false
    /// `enableIPv6`.
    public var enablesIPv6 = false
    /// `enableStatefulSet`: Pods of `apps/v1` StatefulSets keep their addresses.
    public var enablesStatefulSet = false
    /// `enableKubevirtStaticIP`: virtual machines of KubeVirt keep their addresses.
    public var enablesKubevirtStaticIP = false
    /// `enableSpiderSubnet`.
    public var enablesSubnets = false
    /// `enableAutoPoolForApplication`; without subnets it has no effect.
    public var enablesAutomaticPools = false
    /// `enableIPConflictDetection`: plugins make sure that nobody else uses an address.
    public var detectsConflicts = false
    /// `enableGatewayDetection`: plugins make sure that the gateway answers.
    public var detectsGateways = false
    /// `tuneSysctlConfig`: the agent sets sysctls of the node.
    public var tunesSysctls = false

    /// `SPIDERPOOL_LOG_LEVEL`.
    public var logLevel = "info"
    /// `SPIDERPOOL_POD_NAMESPACE`: the agent's own, which completes names of network objects.
    public var podNamespace = ""
    /// `SPIDERPOOL_POD_NAME`.
    public var podName = ""
    /// `SPIDERPOOL_NODE_NAME`.
    public var nodeName = ""
    /// `SPIDERPOOL_HEALTH_PORT`: for kubelet's probes.
    public var healthPort = 5710
    /// `SPIDERPOOL_METRIC_HTTP_PORT`; `nil` unless `SPIDERPOOL_ENABLED_METRIC`.
    public var metricsPort: Int?
    /// `SPIDERPOOL_ENABLED_RELEASE_CONFLICT_IPS`.
    public var releasesConflicts = true
    /// `SPIDERPOOL_IPPOOL_MAX_ALLOCATED_IPS`: how many addresses of one pool may be in use.
    public var claimsPerPoolLimit = 5000
    /// `SPIDERPOOL_WAIT_SUBNET_POOL_TIME_IN_SECOND` and `…_MAX_RETRIES`: how long an automatic pool is waited for.
    public var automaticPoolWait = Duration.seconds(50)
    /// `SPIDERPOOL_STATE_DIRECTORY`: where the ledger of this node is.
    public var stateFolder = SandboxLedger.defaultPath
    /// `MULTUS_CLUSTER_NETWORK`: what `eth0` is attached to when the Pod does not say.
    public var clusterNetwork: String?

    /// What an administrator should know.
    public var warnings: [String] = []

    /// Reads the settings.
    ///
    /// - Parameters:
    ///   - text: `conf.yml`; may be empty.
    ///   - path: Where it is, for messages.
    ///   - environment: All variables.
    /// - Throws: ``AgentError`` that names the key or variable, its value, and what would serve.
    public init(_ text: String, path: String, environment: [String: String]) throws(AgentError) {
        try readFile(text, path)
        try readEnvironment(Environment(environment))
        if enablesAutomaticPools, !enablesSubnets {
            warnings.append("\(path): enableAutoPoolForApplication has no effect without enableSpiderSubnet")
        }
        let idle = [
            (tunesSysctls, "\(path): tuneSysctlConfig"), (metricsPort != nil, "SPIDERPOOL_ENABLED_METRIC"),
            (enablesAutomaticPools && enablesSubnets, "\(path): enableAutoPoolForApplication"),
        ]
        for (isOn, name) in idle where isOn { warnings.append("\(name) is not supported yet and has no effect") }
        guard enablesIPv4 || enablesIPv6 else {
            throw AgentError(
                .configuration,
                "\(path): enableIPv4 and enableIPv6 are both off, so no address could be given; set one to true")
        }
    }

    // MARK: conf.yml

    private static let switches: [(key: String, place: any WritableKeyPath<AgentSettings, Bool> & Sendable)] = [
        ("enableIPv4", \.enablesIPv4), ("enableIPv6", \.enablesIPv6), ("enableStatefulSet", \.enablesStatefulSet),
        ("enableKubevirtStaticIP", \.enablesKubevirtStaticIP), ("enableSpiderSubnet", \.enablesSubnets),
        ("enableAutoPoolForApplication", \.enablesAutomaticPools),
        ("enableIPConflictDetection", \.detectsConflicts), ("enableGatewayDetection", \.detectsGateways),
        ("tuneSysctlConfig", \.tunesSysctls),
    ]

    /// Keys that mean something to the controller only, or nothing any more.
    private static let otherKeys = [
        "enableCleanOutdatedEndpoint", "enableValidatingResourcesDeletedWebhook",
        "clusterSubnetAutoPoolDefaultRedundantIPNumber", "clusterSubnetDefaultFlexibleIPNumber", "podResourceInject",
        "iaasNetworkProvider", "agent", "ipamUnixSocketPath",
    ]

    private mutating func readFile(_ text: String, _ path: String) throws(AgentError) {
        let documents: [ManifestDocument]
        do throws(ManifestErrors) {
            documents = try ManifestFile(text, named: path).documents
        } catch {
            throw AgentError(.configuration, "\(error)")
        }
        guard documents.count <= 1 else {
            throw AgentError(.configuration, "\(path): it has \(documents.count) documents; the settings are one")
        }
        guard let document = documents.first else { return }
        func place(_ path: JSONFieldPath) -> String {
            document.line(of: path).map { "\(document.file):\($0)" } ?? document.file
        }
        do throws(JSONFieldError) {
            let reader = try JSONFieldReader(document.tree)
            for (key, place) in Self.switches { self[keyPath: place] = try reader.bool(at: key) ?? false }
            let socket = try reader.parsed(at: "ipamUnixSocketPath", expected: "an absolute path of at most 100 bytes")
            {
                $0.isEmpty || ($0.hasPrefix("/") && $0.utf8.count <= 100) ? $0 : nil
            }
            if let socket, !socket.isEmpty { socketPath = socket }
            try checkProvider(try reader.object(at: "iaasNetworkProvider"), path)
            for key in reader.unknownKeys(except: Self.otherKeys + Self.switches.map(\.key)) {
                warnings.append("\(place(reader.path(of: key))): \(key) means nothing here; is it misspelt?")
            }
        } catch {
            throw AgentError(.configuration, "\(place(error.path)): \(error)")
        }
    }

    private mutating func checkProvider(_ reader: JSONFieldReader?, _ path: String) throws(JSONFieldError) {
        guard let reader, let url = try reader.string(at: "serverUrl"), !url.isEmpty else { return }
        warnings.append("\(path): iaasNetworkProvider is not supported yet and has no effect")
    }

    // MARK: Environment

    private mutating func readEnvironment(_ environment: Environment) throws(AgentError) {
        logLevel =
            try environment.word(
                "SPIDERPOOL_LOG_LEVEL", of: ["debug", "info", "warn", "error", "fatal", "panic"]) ?? "info"
        podNamespace = try environment.required("SPIDERPOOL_POD_NAMESPACE")
        podName = try environment.required("SPIDERPOOL_POD_NAME")
        nodeName = try environment.required("SPIDERPOOL_NODE_NAME")
        healthPort = try environment.integer("SPIDERPOOL_HEALTH_PORT", in: 1...65_535) ?? 5710
        let port = try environment.integer("SPIDERPOOL_METRIC_HTTP_PORT", in: 1...65_535) ?? 5711
        metricsPort = try environment.bool("SPIDERPOOL_ENABLED_METRIC") ?? false ? port : nil
        for name in ["SPIDERPOOL_ENABLED_RDMA_METRIC", "SPIDERPOOL_ENABLED_DEBUG_METRIC"] {
            _ = try environment.bool(name)
        }
        releasesConflicts = try environment.bool("SPIDERPOOL_ENABLED_RELEASE_CONFLICT_IPS") ?? true
        claimsPerPoolLimit = try environment.integer("SPIDERPOOL_IPPOOL_MAX_ALLOCATED_IPS", in: 1...1 << 40) ?? 5000
        let seconds = try environment.integer("SPIDERPOOL_WAIT_SUBNET_POOL_TIME_IN_SECOND", in: 1...3600) ?? 2
        let times = try environment.integer("SPIDERPOOL_WAIT_SUBNET_POOL_MAX_RETRIES", in: 0...10_000) ?? 25
        automaticPoolWait = .seconds(seconds * times)
        clusterNetwork = environment.text("MULTUS_CLUSTER_NETWORK")
        stateFolder = try environment.path("SPIDERPOOL_STATE_DIRECTORY") ?? SandboxLedger.defaultPath
    }
}
