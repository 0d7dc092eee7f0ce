internal import CNITypes
internal import JSONTree

/// What is configured once for a host: ``path``, with the keys of the network's configuration and two more.
///
/// ```json
/// {"agent": false, "serviceCIDR": ["10.96.0.0/12"], "hijackCIDR": ["169.254.0.0/16"]}
/// ```
struct CoordinatorHostFile {
    /// Where the file is.
    static let path = "/etc/spiderpool/coordinator.json"
    /// Where the settings of `ipam` are, which say whether the host is alone.
    static let ipamPath = "/etc/spiderpool/ipam.json"

    /// The settings; `nil` without a file.
    let settings: SettingsSource?
    /// Whether the node has an agent that is asked; `nil` when that is not said.
    let hasAgent: Bool?
    /// Path of the agent's socket.
    let socketPath: String?

    private static let keys = [
        "agent", "agentSocketPath", "mode", "podDefaultCniNic", "overlayPodCIDR", "serviceCIDR", "hijackCIDR",
        "policyRoutes", "tunePodRoutes", "podDefaultRouteNic", "podNICs", "podMACPrefix", "hostRuleTable",
        "podRPFilter", "txQueueLen", "vethLinkAddress", "vethMTU",
    ]

    private init(settings: SettingsSource?, hasAgent: Bool?, socketPath: String?) {
        self.settings = settings
        self.hasAgent = hasAgent
        self.socketPath = socketPath
    }

    /// Reads the file.
    ///
    /// - Throws: `CNIError` with code 5 when it cannot be read, 6 or 7 when its content is wrong.
    init(path: String = path, ipamPath: String = ipamPath) throws(CNIError) {
        guard let object = try Self.object(at: path) else {
            // A host whose addresses are kept in its own file has no agent.
            let isAlone = (try? Self.object(at: ipamPath))?["mode"]?.stringValue == "embedded"
            self.init(settings: nil, hasAgent: isAlone ? false : nil, socketPath: nil)
            return
        }
        let source = SettingsSource(object, name: path)
        if let unknown = source.reader.unknownKeys(except: Self.keys).first {
            throw CNIError(
                .invalidConfiguration, "invalid host settings",
                details: "\(path): unknown key \(unknown); the keys are \(Self.keys.joined(separator: ", "))")
        }
        let agent = try AgentSettings(source)
        self.init(settings: source, hasAgent: agent.isThere, socketPath: agent.socketPath)
    }

    /// The object in a file; `nil` when there is no file.
    private static func object(at path: String) throws(CNIError) -> JSONObject? {
        guard let content = try SettingsFile.content(of: path) else { return nil }
        let value: JSONValue
        do throws(JSONParseError) {
            value = try JSONValue(parsing: content.span)
        } catch {
            throw CNIError(.decodingFailed, "cannot decode host settings", details: "\(path): \(error)")
        }
        guard let object = value.objectValue else {
            throw CNIError(
                .decodingFailed, "cannot decode host settings",
                details: "\(path): expected an object, got \(value.kindName)")
        }
        return object
    }
}

/// Whether there is an agent, and where.
struct AgentSettings {
    let isThere: Bool?
    let socketPath: String?

    init(_ source: SettingsSource) throws(CNIError) {
        isThere = try source.read { reader throws(JSONFieldError) in try reader.bool(at: "agent") }
        socketPath = try source.read { reader throws(JSONFieldError) in
            try reader.parsed(at: "agentSocketPath", expected: "an absolute path") { text in
                text.hasPrefix("/") && !text.utf8.contains(0) ? text : nil
            }
        }
    }
}
