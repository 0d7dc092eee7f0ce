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
    let wireProbe: WireProbe

    /// Makes the plugin.
    public init(
        hostFacts: HostFacts = .system, hostSettingsPath: String = HostSettings.defaultPath,
        wireProbe: WireProbe = .none
    ) {
        self.hostFacts = hostFacts
        self.hostSettingsPath = hostSettingsPath
        self.wireProbe = wireProbe
    }

    /// Name and version.
    public var about: String { "Spiderpool IPAM \(ProgramVersion.text)" }

    /// Gives addresses: the same ones when the request is repeated, none when it cannot be served as a whole.
    public func add(_ request: CNIAddRequest) throws(CNIError) -> CNIResult {
        let settings = try IPAMSettings(request.call.configuration, host: try hostSettings())
        let log = PluginLog(settings.log, subject: request.logSubject)
        var detection = AddressDetection(settings.detection, interface: request.attachment.interfaceName.text)
        defer {
            for conflict in detection.conflicts {
                log.write(
                    .warn, "address in foreign use", ("ip", .string(conflict.address.description)),
                    ("user", .string(conflict.user.description)))
            }
        }
        do throws(CNIError) {
            let addition = try EmbeddedCommands(self, settings, request.call).add(request, &detection)
            let result = addition.result
            if let reason = addition.notAsked {
                log.write(.warn, "addresses given without asking the wire", ("reason", .string(reason)))
            }
            if !addition.workloadProblems.isEmpty {
                let problems = addition.workloadProblems.map { JSONValue.string("\($0)") }
                log.write(.warn, "mistakes in the workload file", ("problems", .array(problems)))
            }
            for release in addition.released {
                log.write(
                    .warn, "fixed address given up", ("ip", .string(release.held.address.description)),
                    ("interface", .string(release.held.interface)), ("reason", .string("\(release.reason)")))
            }
            log.write(.info, "addresses given", ("ips", .array(result.ips.map { .string($0.address.description) })))
            return result
        } catch {
            log.write(.error, error.message, ("details", .string(error.details)))
            throw error
        }
    }

    /// Gives back what this container and interface own, and nothing else.
    public func delete(_ request: CNIDeleteRequest) throws(CNIError) {
        let settings = try lenientSettings(request.call.configuration)
        let log = PluginLog(settings.log, subject: request.logSubject)
        do throws(CNIError) {
            let freed = try EmbeddedCommands(self, settings, request.call).delete(request)
            log.write(.info, "addresses released", ("ips", .array(freed.map { .string($0.address.description) })))
        } catch {
            log.write(.error, error.message, ("details", .string(error.details)))
            throw error
        }
    }

    /// Verifies that the addresses of the result are still owned by this container and interface.
    public func check(_ request: CNICheckRequest) throws(CNIError) {
        let settings = try IPAMSettings(request.call.configuration, host: try hostSettings())
        try EmbeddedCommands(self, settings, request.call).check(request)
    }

    /// Gives back what the containers of this host own in this network, unless their attachment is still valid.
    public func collectGarbage(_ request: CNIGarbageRequest) throws(CNIError) {
        let settings = try lenientSettings(request.call.configuration)
        let log = PluginLog(settings.log, subject: request.logSubject)
        let freed = try EmbeddedCommands(self, settings, request.call).collectGarbage(request)
        for claim in freed {
            log.write(
                .info, "address of a container that is gone released", ("ip", .string(claim.address.description)),
                ("ContainerID", .string(claim.containerID)), ("IfName", .string(claim.interface)))
        }
    }

    /// Succeeds when the state can be written and there is a pool.
    public func status(_ request: CNIStatusRequest) throws(CNIError) {
        let settings = try IPAMSettings(request.call.configuration, host: try hostSettings())
        try EmbeddedCommands(self, settings, request.call).status()
    }

    /// Settings of a command that gives back: when the network says where the state is, a mistake in the host's file does
    /// no harm.
    private func lenientSettings(_ configuration: CNIConfiguration) throws(CNIError) -> IPAMSettings {
        do throws(CNIError) {
            return try IPAMSettings(lenient: configuration, host: try hostSettings())
        } catch {
            if configuration.ipam?.has("mode") == true, configuration.ipam?.has("store") == true {
                return try IPAMSettings(lenient: configuration, host: HostSettings())
            }
            throw error
        }
    }

    private func hostSettings() throws(CNIError) -> HostSettings { try HostSettings(readingFrom: hostSettingsPath) }
}
