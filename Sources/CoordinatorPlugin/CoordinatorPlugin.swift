internal import AgentLink
public import CNITypes
internal import Coordinator
internal import IPAMCore
internal import JSONTree
internal import NetlinkKit
internal import PluginLog
internal import SystemPackage

/// The plugin that makes several interfaces in one Pod work together; it stands last in a chain.
public struct CoordinatorPlugin: CNIPlugin {
    let isDryRun: Bool
    let hostFile: () throws(CNIError) -> CoordinatorHostFile

    /// Makes the plugin.
    ///
    /// - Parameter isDryRun: Whether `ADD` changes nothing, and its result tells what it would do.
    public init(isDryRun: Bool = false) {
        self.isDryRun = isDryRun
        hostFile = { () throws(CNIError) in try CoordinatorHostFile() }
    }

    /// Name and version.
    public var about: String { "Spiderpool coordinator \(ProgramVersion.text)" }

    /// Coordinates the interface; what is there already stays as it is.
    public func add(_ request: CNIAddRequest) throws(CNIError) -> CNIResult {
        let network = SettingsSource(request.call.configuration.document, name: "")
        if try SettingsSources(network, nil).mode() == .disable { return request.previousResult ?? CNIResult() }
        var result = try request.requirePreviousResult()
        let log = try log(network, subject: request.logSubject)
        do throws(CNIError) {
            let settings = try settings(network, request.call, request.arguments)
            let pod = try namespace(request.namespacePath)
            let outcome = try coordinate(
                CoordinationSubject(request.call, request.attachment), settings, pod)
            for warning in outcome.plan.warnings { log.write(.warn, warning) }
            if isDryRun {
                result.extensions.set("plan", outcome.plan.json)
                result.extensions.set("warnings", .strings(outcome.plan.warnings))
            } else if outcome.placement != nil {
                log.write(.info, "interface coordinated", ("plan", outcome.plan.json))
            }
            result.update(outcome.plan.interfaceAddress, of: request.attachment.interfaceName)
            return result
        } catch {
            log.write(.error, error.message, ("details", .string(error.details)))
            throw error
        }
    }

    /// Takes away what was made for the interface, with nothing but its name and the container's.
    public func delete(_ request: CNIDeleteRequest) throws(CNIError) {
        let network = SettingsSource(request.call.configuration.document, name: "")
        let sources = SettingsSources(network, (try? hostFile())?.settings)
        if (try? sources.mode()) == .disable { return }
        let options = try? network.read { reader throws(JSONFieldError) in try reader.object(at: "logOptions") }
        let log = PluginLog(
            LogSettings(lenientOptions: options ?? nil, path: Self.logPath), subject: request.logSubject)
        let subject = CoordinationSubject(request.call, request.attachment)
        do throws(CoordinationError) {
            guard let first = (try? sources.firstInterface()) ?? InterfaceName("eth0") else { return }
            let plan = try Coordinator.remove(
                subject, firstInterface: first, nodeTable: (try? sources.nodeTable()) ?? nil,
                path: request.namespacePath,
                addresses: request.previousResult?.addresses(of: request.attachment.interfaceName) ?? [])
            log.write(.info, "interface released", ("plan", plan.json))
        } catch {
            log.write(.error, error.message, ("details", .string(error.detail)))
            throw CNIError(error)
        }
    }

    /// Compares the kernel with what the interface needs.
    public func check(_ request: CNICheckRequest) throws(CNIError) {
        let network = SettingsSource(request.call.configuration.document, name: "")
        if try SettingsSources(network, nil).mode() == .disable { return }
        let settings = try settings(network, request.call, request.arguments)
        let pod = try namespace(request.namespacePath)
        do throws(CoordinationError) {
            try Coordinator.check(CoordinationSubject(request.call, request.attachment), settings, in: pod)
        } catch {
            throw CNIError(error)
        }
        guard let prefix = settings.macPrefix else { return }
        // The address follows from the prefix, which the comparison above has verified; the result must say the same.
        let told = request.previousResult.interfaces.first {
            $0.name == request.attachment.interfaceName.text && $0.sandbox != nil
        }?.mac
        let addresses = request.previousResult.addresses(of: request.attachment.interfaceName)
        if let told, let mac = MACAddress(told), let address = addresses.first,
            let wanted = prefix.address(for: address), mac != wanted
        {
            throw CNIError(
                .internalError, "interface \(request.attachment.interfaceName) is not as it was coordinated",
                details: "prevResult says that its hardware address is \(mac), podMACPrefix leads to \(wanted)")
        }
    }

    /// Removes the node's links of attachments of this network that are not valid any more.
    public func collectGarbage(_ request: CNIGarbageRequest) throws(CNIError) {
        let valid = request.validAttachments.map { CoordinationSubject(request.call, $0) }
        let network = SettingsSource(request.call.configuration.document, name: "")
        let options = try? network.read { reader throws(JSONFieldError) in try reader.object(at: "logOptions") }
        let log = PluginLog(
            LogSettings(lenientOptions: options ?? nil, path: Self.logPath), subject: request.logSubject)
        do throws(CoordinationError) {
            let plan = try Coordinator.collectGarbage(of: request.call.configuration.name.text, except: valid)
            if !plan.isEmpty { log.write(.info, "links of containers that are gone removed", ("plan", plan.json)) }
        } catch {
            throw CNIError(error)
        }
    }

    /// Succeeds when an interface would be coordinated now.
    public func status(_ request: CNIStatusRequest) throws(CNIError) {
        let network = SettingsSource(request.call.configuration.document, name: "")
        if try SettingsSources(network, nil).mode() == .disable { return }
        do throws(CoordinationError) {
            try Coordinator.checkKernel()
        } catch {
            throw CNIError(.notAvailable, "the kernel cannot mark packets", details: error.detail)
        }
        guard let link = try agent(network, try hostFile()) else { return }
        do throws(AgentLinkError) {
            try link.health()
        } catch {
            throw CNIError(.notAvailable, "the agent of this node does not answer", details: "\(error)")
        }
    }

    // MARK: Parts

    static let logPath = "/var/log/spidernet/coordinator.log"

    private func log(_ network: SettingsSource, subject: [(String, String)]) throws(CNIError) -> PluginLog {
        do throws(JSONFieldError) {
            let options = try network.reader.object(at: "logOptions")
            let folded = options.map { JSONFieldReader($0.object, path: $0.path, keys: .caseInsensitive) }
            return PluginLog(try LogSettings(options: folded, path: Self.logPath), subject: subject)
        } catch {
            let isLevel = "\(error.path)".hasSuffix("Level")
            let level = (try? network.reader.object(at: "logOptions"))??.object.first(caseInsensitive: "logLevel")
            let word = level?.value.stringValue ?? error.actual ?? ""
            let message = isLevel ? "unsupported log level \(word)" : "invalid network config"
            throw CNIError(.invalidConfiguration, message, details: "\(error)")
        }
    }

    /// The agent, if the node has one.
    private func agent(_ network: SettingsSource, _ host: CoordinatorHostFile) throws(CNIError) -> AgentLink? {
        let own = try AgentSettings(network)
        guard own.isThere ?? host.hasAgent ?? true else { return nil }
        return AgentLink(path: own.socketPath ?? host.socketPath ?? AgentLink.defaultPath)
    }

    /// The settings of the network, completed by the agent's or the host's.
    private func settings(
        _ network: SettingsSource, _ call: CNICall, _ arguments: CNIArguments
    ) throws(CNIError) -> CoordinatorSettings {
        let host = try hostFile()
        guard let link = try agent(network, host) else {
            return try CoordinatorSettings(network, inheriting: host.settings)
        }
        // What is wrong in the network's own configuration is said before anybody is asked.
        _ = try CoordinatorSettings(network, inheriting: nil)
        let pod = try arguments.requirePod()
        let answer: JSONObject
        do throws(AgentLinkError) {
            answer = try link.coordinatorConfig(
                podName: pod.name, podNamespace: pod.namespace, deadline: call.deadline)
        } catch {
            throw CNIError(error)
        }
        for key in ["mode", "overlayPodCIDR", "serviceCIDR", "tunePodRoutes"] where answer[key]?.isNull ?? true {
            throw CNIError(
                .decodingFailed, "the agent's reply cannot be understood",
                details: "settings of the agent: \(key) is missing; are agent and plugin of one release?")
        }
        return try CoordinatorSettings(
            network, inheriting: SettingsSource(answer, name: "settings of the agent"))
    }

    private func namespace(_ path: String) throws(CNIError) -> NetworkNamespace {
        do throws(NetlinkError) {
            return try NetworkNamespace(path: FilePath(path))
        } catch {
            throw CNIError(.invalidNamespace, "unusable CNI_NETNS", details: "\(error)")
        }
    }

    private func coordinate(
        _ subject: CoordinationSubject, _ settings: CoordinatorSettings, _ pod: borrowing NetworkNamespace
    ) throws(CNIError) -> Coordinator.Outcome {
        do throws(CoordinationError) {
            return try Coordinator.add(subject, settings, in: pod, isDryRun: isDryRun)
        } catch {
            throw CNIError(error)
        }
    }
}

extension CoordinationSubject {
    fileprivate init(_ call: CNICall, _ attachment: CNIAttachment) {
        self.init(
            containerID: attachment.containerID.text, interface: attachment.interfaceName,
            network: call.configuration.name.text)
    }
}

extension CNIError {
    /// The error as the runtime is told of it.
    fileprivate init(_ error: CoordinationError) {
        let code: Code =
            switch error.code {
            case .settings: .invalidConfiguration
            case .missing, .mismatch: .deviceMismatch
            case .kernel: .kernelRefused
            default: .internalError
            }
        self.init(code, error.message, details: error.detail)
    }
}

extension CNIResult {
    /// Writes a hardware address into the entry of a container's interface.
    fileprivate mutating func update(_ address: MACAddress?, of name: InterfaceName) {
        guard let address else { return }
        for index in interfaces.indices where interfaces[index].name == name.text && interfaces[index].sandbox != nil {
            interfaces[index].mac = "\(address)"
        }
    }

    /// The addresses of a container's interface; all when the result does not say whose they are.
    fileprivate func addresses(of name: InterfaceName) -> [IPAddress] {
        ips.filter { interface(of: $0).map { $0.name == name.text } ?? true }.map(\.address.address)
    }
}
