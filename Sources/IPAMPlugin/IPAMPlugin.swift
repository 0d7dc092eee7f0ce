public import AgentLink
public import CNITypes
internal import EmbeddedStore
internal import IPAMCore
internal import JSONTree
internal import PluginLog
internal import PoolModel

/// The IPAM plugin: gives addresses from pools to the interfaces that other plugins make.
///
/// Installed as `ipam` and as `spiderpool`, the `type` that existing configurations use.
public struct IPAMPlugin: CNIPlugin {
    let hostFacts: HostFacts
    let hostSettingsPath: String
    let defaultSocketPath: String
    let wireProbe: WireProbe

    /// Makes the plugin.
    public init(
        hostFacts: HostFacts = .system, hostSettingsPath: String = HostSettings.defaultPath,
        defaultSocketPath: String = AgentLink.defaultPath, wireProbe: WireProbe = .none
    ) {
        self.defaultSocketPath = defaultSocketPath
        self.hostFacts = hostFacts
        self.hostSettingsPath = hostSettingsPath
        self.wireProbe = wireProbe
    }

    /// Name and version.
    public var about: String { "Spiderpool IPAM \(ProgramVersion.text)" }

    /// Gives addresses: the same ones when the request is repeated, none when it cannot be served as a whole.
    public func add(_ request: CNIAddRequest) throws(CNIError) -> CNIResult {
        let settings = try settings(request.call.configuration)
        let log = PluginLog(settings.log, subject: request.logSubject)
        var detection = AddressDetection(interface: request.attachment.interfaceName.text)
        defer {
            for conflict in detection.conflicts {
                log.write(
                    .warn, "address in foreign use", ("ip", .string(conflict.address.description)),
                    ("user", .string(conflict.user.description)))
            }
        }
        do throws(CNIError) {
            let result: CNIResult
            let notAsked: String?
            switch settings.mode {
            case .embedded:
                let addition = try EmbeddedCommands(self, settings, request.call).add(request, &detection)
                Self.report(addition, to: log)
                (result, notAsked) = (addition.result, addition.notAsked)
            case .cluster:
                let addition = try ClusterCommands(self, settings, request.call).add(request, &detection)
                (result, notAsked) = (addition.result, addition.notAsked)
            }
            if let notAsked {
                log.write(.warn, "addresses given without asking the wire", ("reason", .string(notAsked)))
            }
            log.write(.info, "addresses given", ("ips", .array(result.ips.map { .string($0.address.description) })))
            return result
        } catch {
            log.write(.error, error.message, ("details", .string(error.details)))
            throw error
        }
    }

    /// What an administrator should know about an addition from the state file.
    private static func report(_ addition: EmbeddedCommands.Addition, to log: PluginLog) {
        if !addition.workloadProblems.isEmpty {
            let problems = addition.workloadProblems.map { JSONValue.string("\($0)") }
            log.write(.warn, "mistakes in the workload file", ("problems", .array(problems)))
        }
        for release in addition.released {
            log.write(
                .warn, "fixed address given up", ("ip", .string(release.held.address.description)),
                ("interface", .string(release.held.interface)), ("reason", .string("\(release.reason)")))
        }
    }

    /// Gives back what this container and interface own, and nothing else.
    public func delete(_ request: CNIDeleteRequest) throws(CNIError) {
        let settings = try lenientSettings(request.call.configuration)
        let log = PluginLog(settings.log, subject: request.logSubject)
        do throws(CNIError) {
            switch settings.mode {
            case .embedded:
                let freed = try EmbeddedCommands(self, settings, request.call).delete(request)
                log.write(.info, "addresses released", ("ips", .array(freed.map { .string($0.address.description) })))
            case .cluster:
                if let objection = try ClusterCommands(self, settings, request.call).delete(request) {
                    log.write(.error, "the agent does not take the release", ("reason", .string(objection)))
                } else {
                    log.write(.info, "addresses released by the agent")
                }
            }
        } catch {
            log.write(.error, error.message, ("details", .string(error.details)))
            throw error
        }
    }

    /// Verifies that the addresses of the result are still owned by this container and interface.
    public func check(_ request: CNICheckRequest) throws(CNIError) {
        let settings = try settings(request.call.configuration)
        switch settings.mode {
        case .embedded: try EmbeddedCommands(self, settings, request.call).check(request)
        case .cluster: try ClusterCommands(self, settings, request.call).check(request)
        }
    }

    /// Gives back what the containers of this host own in this network, unless their attachment is still valid.
    public func collectGarbage(_ request: CNIGarbageRequest) throws(CNIError) {
        let settings = try lenientSettings(request.call.configuration)
        let log = PluginLog(settings.log, subject: request.logSubject)
        let freed: [ReleasedAddress]
        switch settings.mode {
        case .embedded:
            freed = try EmbeddedCommands(self, settings, request.call).collectGarbage(request).map { .init($0) }
        case .cluster: freed = try ClusterCommands(self, settings, request.call).collectGarbage(request)
        }
        for release in freed {
            log.write(
                .info, "address of a container that is gone released", ("ip", .string(release.address.description)),
                ("ContainerID", .string(release.containerID)), ("IfName", .string(release.interface)))
        }
    }

    /// Succeeds when the state can be written and there is a pool, or when the agent says that it would serve.
    public func status(_ request: CNIStatusRequest) throws(CNIError) {
        let settings = try settings(request.call.configuration)
        switch settings.mode {
        case .embedded: try EmbeddedCommands(self, settings, request.call).status()
        case .cluster: try ClusterCommands(self, settings, request.call).status()
        }
    }

    private func settings(_ configuration: CNIConfiguration) throws(CNIError) -> IPAMSettings {
        try IPAMSettings(configuration, host: try hostSettings(), defaultSocketPath: defaultSocketPath)
    }

    /// Settings of a command that gives back: when the network says where the state is, a mistake in the host's file does
    /// no harm.
    private func lenientSettings(_ configuration: CNIConfiguration) throws(CNIError) -> IPAMSettings {
        do throws(CNIError) {
            return try IPAMSettings(
                lenient: configuration, host: try hostSettings(), defaultSocketPath: defaultSocketPath)
        } catch {
            let place = ["store", "ipam_unix_socket_path"]
            if let ipam = configuration.ipam, ipam.has("mode"), place.contains(where: ipam.has) {
                return try IPAMSettings(
                    lenient: configuration, host: HostSettings(), defaultSocketPath: defaultSocketPath)
            }
            throw error
        }
    }

    private func hostSettings() throws(CNIError) -> HostSettings { try HostSettings(readingFrom: hostSettingsPath) }
}
