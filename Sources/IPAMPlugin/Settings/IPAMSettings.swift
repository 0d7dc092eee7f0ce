public import AgentLink
public import CNITypes
internal import EmbeddedStore
internal import Glibc
internal import JSONTree
public import PluginLog

/// The `ipam` section of a network's configuration, completed by the host's settings.
public struct IPAMSettings: Sendable, Hashable {
    /// Which truth is used.
    public var mode: Mode
    /// Path of the state file in embedded mode.
    public var store: String
    /// `default_ipv4_ippool`: pools for IPv4 as the administrator wrote them.
    public var ipv4Pools: [String]
    /// `default_ipv6_ippool`: pools for IPv6 as the administrator wrote them.
    public var ipv6Pools: [String]
    /// `clean_gateway`: leave the default routes out.
    public var cleanGateway: Bool
    /// `family_policy`: how many families a container needs.
    public var familyPolicy: IPFamilyPolicy
    /// `identity`: a name under which addresses are kept when the container ends, within its network.
    public var identity: String?
    /// `workloads`: path of the file with what is known about workloads.
    public var workloads: String?
    /// `match_master_subnet`: pools must be of the subnet of the network's device; only the agent can tell.
    public var matchesMasterSubnet: Bool
    /// `ipam_unix_socket_path`: the agent's socket in cluster mode.
    public var socketPath: String
    /// What is found out on the wire; in cluster mode the agent says it.
    public var detection: DetectionSettings
    /// Where and how to log.
    public var log: LogSettings
    /// The node's name when the host's settings say it.
    public var nodeName: String?

    /// Reads the section.
    ///
    /// - Parameters:
    ///   - configuration: The network's configuration.
    ///   - host: The host's settings.
    ///   - defaultSocketPath: Where an agent listens unless said; whether it does decides the mode that nobody says.
    /// - Throws: `CNIError` with code 7 that names the key, its value and what is expected.
    public init(
        _ configuration: CNIConfiguration, host: HostSettings, defaultSocketPath: String = AgentLink.defaultPath
    ) throws(CNIError) {
        guard let ipam = configuration.ipam else {
            throw CNIError(
                .invalidConfiguration, "missing ipam section",
                details: "ipam: the plugin is configured there, at least with {\"type\": \"spiderpool\"}")
        }
        (mode, store, socketPath) = try Self.truth(ipam, host: host, defaultSocketPath)
        do throws(JSONFieldError) {
            ipv4Pools = try Self.poolNames(at: "default_ipv4_ippool", in: ipam)
            ipv6Pools = try Self.poolNames(at: "default_ipv6_ippool", in: ipam)
            cleanGateway = try ipam.bool(at: "clean_gateway") ?? false
            familyPolicy =
                try ipam.parsed(at: "family_policy", expected: IPFamilyPolicy.expectation) {
                    IPFamilyPolicy(rawValue: $0)
                } ?? .both
            identity = try ipam.parsed(at: "identity", expected: "a name of 1 to 253 printable characters") { text in
                let isPrintable = text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7f }
                return isPrintable && 1...253 ~= text.utf8.count ? text : nil
            }
            workloads =
                try ipam.parsed(
                    at: "workloads", expected: HostSettings.storeExpectation, HostSettings.absolutePath)
                ?? host.workloads
            detection = try DetectionSettings(ipam, completedBy: host.detection)
            matchesMasterSubnet = try ipam.bool(at: "match_master_subnet") ?? false
            log = try LogSettings(ipam)
            nodeName = host.nodeName
        } catch {
            throw Self.describe(error)
        }
    }

    /// Reads only what is needed to find the state, for commands that must succeed with any other mistake.
    ///
    /// - Parameters:
    ///   - configuration: The network's configuration.
    ///   - host: The host's settings.
    ///   - defaultSocketPath: Where an agent listens unless said; whether it does decides the mode that nobody says.
    /// - Throws: `CNIError` with code 7 when the mode is not said or not understood.
    public init(
        lenient configuration: CNIConfiguration, host: HostSettings, defaultSocketPath: String = AgentLink.defaultPath
    ) throws(CNIError) {
        let ipam = configuration.ipam ?? JSONFieldReader(JSONObject([]))
        (mode, store, socketPath) = try Self.truth(ipam, host: host, defaultSocketPath)
        ipv4Pools = []
        ipv6Pools = []
        cleanGateway = false
        familyPolicy = .both
        matchesMasterSubnet = false
        detection = DetectionSettings()
        log = LogSettings(lenient: ipam)
        nodeName = host.nodeName
    }

    /// Reads the mode, the path of the state, and that of the agent's socket.
    ///
    /// Configurations of clusters that know no `mode` mean the agent: its socket is named, or where it usually is.
    private static func truth(
        _ ipam: JSONFieldReader, host: HostSettings, _ defaultSocketPath: String
    ) throws(CNIError) -> (mode: Mode, store: String, socketPath: String) {
        let mode: Mode?
        let store: String?
        let socketPath: String?
        do throws(JSONFieldError) {
            mode = try ipam.parsed(at: "mode", expected: Mode.expectation) { Mode(rawValue: $0) } ?? host.mode
            store = try ipam.parsed(at: "store", expected: HostSettings.storeExpectation, HostSettings.absolutePath)
            let text = try ipam.string(at: "ipam_unix_socket_path")
            socketPath = text.flatMap { $0.isEmpty ? nil : $0 }
            if mode != .embedded, let socketPath, HostSettings.absolutePath(socketPath) == nil {
                throw ipam.error(at: "ipam_unix_socket_path", expected: HostSettings.storeExpectation)
            }
        } catch {
            throw describe(error)
        }
        let isClusterMeant =
            store == nil && host.store == nil && (socketPath != nil || access(defaultSocketPath, F_OK) == 0)
        guard let mode = mode ?? (isClusterMeant ? .cluster : nil) else {
            throw CNIError(
                .invalidConfiguration, "it is not configured where addresses are kept",
                details: "ipam.mode: say \(Mode.expectation) here, or \"mode\" in \(HostSettings.defaultPath); without "
                    + "either, \"cluster\" is meant when ipam_unix_socket_path is given or \(defaultSocketPath) exists")
        }
        return (mode, store ?? host.store ?? EmbeddedStore.defaultPath, socketPath ?? defaultSocketPath)
    }

    private static func poolNames(at key: String, in ipam: JSONFieldReader) throws(JSONFieldError) -> [String] {
        let names = try ipam.strings(at: key) ?? []
        guard !names.contains("") else { throw ipam.error(at: key, expected: "names of pools without an empty one") }
        return names
    }

    private static func describe(_ error: JSONFieldError) -> CNIError {
        CNIError(.invalidConfiguration, "invalid network config", details: "\(error)")
    }
}
