internal import IPAMCore
public import JSONTree

/// The network configuration that a plugin is given on standard input.
///
/// Keys of the protocol are matched exactly. Keys of a plugin's own are read through ``plugin`` and ``ipam``, whatever
/// the case of their letters; keys that nobody reads do no harm.
public struct CNIConfiguration: Sendable {
    /// The version that results and errors are written in.
    public let version: CNIVersion

    /// The name of the network.
    public let name: NetworkName

    /// The name of the plugin that is called; `nil` when not told.
    public let type: PluginType?

    /// The result of the plugins before (`ADD`) or of the whole `ADD` (`CHECK`, `DEL`), in whatever version it was;
    /// `nil` for the first plugin.
    public let previousResult: CNIResult?

    /// Name resolution that the administrator configured.
    public let dns: CNIDNS?

    /// The attachments that are still valid, read for `GC` only; `nil` when there is no list, which is not an empty list.
    public let validAttachments: Set<CNIAttachment>?

    /// The document as it came.
    public let document: JSONObject

    /// The whole document for reading keys of the plugin's own, without regard to case.
    public let plugin: JSONFieldReader

    /// The settings of the plugin that gives addresses, read without regard to case.
    public let ipam: JSONFieldReader?

    /// Values for the capabilities that the plugin declared.
    public let runtimeConfig: JSONFieldReader?

    /// Arguments of the network, reserved by the protocol.
    public let args: JSONFieldReader?

    /// The capabilities that are declared, reserved by the protocol.
    public let capabilities: JSONFieldReader?

    /// Checks a document in the order that the protocol prescribes: name, version, command, known keys.
    ///
    /// For `DEL` and `GC`, known keys of the wrong kind count as absent: what was made under another configuration has
    /// to be removable. The list of valid attachments is never read with leniency.
    ///
    /// - Parameters:
    ///   - document: The document.
    ///   - command: The command that it came with.
    ///   - supported: The versions that the plugin speaks.
    /// - Throws: ``CNIError`` with code 7 for a name or a known key that is wrong, 1 or 6 for the version, 1 for a
    ///   command that the version does not know.
    public init(
        _ document: JSONValue, for command: CNICommand, supported: [CNIVersion] = CNIVersion.allCases
    ) throws(CNIError) {
        guard let object = document.objectValue else {
            throw CNIError(
                .decodingFailed, "cannot decode network config", details: "expected an object, got \(document.kindName)"
            )
        }
        let fields = CNIFields(JSONFieldReader(object), isLenient: command.isLenient)
        self.document = object
        plugin = JSONFieldReader(object, keys: .caseInsensitive)
        name = try fields.name()
        version = try CNIVersion(
            configured: try fields.strict { reader throws(JSONFieldError) in try reader.string(at: "cniVersion") },
            supported: supported)
        guard version >= command.since else {
            throw CNIError(
                .incompatibleVersion, "config version does not allow \(command.rawValue)",
                details: "config is \"\(version)\", \(command.rawValue) needs \"\(command.since)\" or later")
        }
        type = try fields.read { reader throws(JSONFieldError) in
            try reader.parsed(at: "type", expected: "a plugin's name (it \(NameRule.words))") { PluginType($0) }
        }
        ipam = try fields.object("ipam", keys: .caseInsensitive)
        runtimeConfig = try fields.object("runtimeConfig")
        args = try fields.object("args")
        capabilities = try fields.object("capabilities")
        dns = try fields.read { reader throws(JSONFieldError) in
            guard let dns = try reader.object(at: "dns") else { return nil }
            return try CNIDNS(dns)
        }
        previousResult = try fields.previousResult(version)
        validAttachments =
            command != .collectGarbage
            ? nil : try fields.strict { reader throws(JSONFieldError) in try Self.attachments(reader) }
    }

    /// The union of both lists that runtimes send, so that nothing that is valid in either is removed.
    private static func attachments(_ reader: JSONFieldReader) throws(JSONFieldError) -> Set<CNIAttachment>? {
        var attachments: Set<CNIAttachment>?
        for key in ["cni.dev/valid-attachments", "cni.dev/attachments"] {
            guard let items = try reader.objects(at: key) else { continue }
            var union = attachments.take() ?? []
            for item in items { union.insert(try CNIAttachment(item)) }
            attachments = union
        }
        return attachments
    }
}

/// Reads the keys of the protocol, with leniency where the command asks for it.
private struct CNIFields {
    let reader: JSONFieldReader
    let isLenient: Bool

    init(_ reader: JSONFieldReader, isLenient: Bool) {
        self.reader = reader
        self.isLenient = isLenient
    }

    /// Reads something that has to be right under any command.
    func strict<Value>(
        _ body: (JSONFieldReader) throws(JSONFieldError) -> Value?
    ) throws(CNIError) -> Value? {
        do throws(JSONFieldError) { return try body(reader) } catch { throw CNIError(error) }
    }

    /// Reads something that counts as absent when it is wrong and the command is lenient.
    func read<Value>(
        _ body: (JSONFieldReader) throws(JSONFieldError) -> Value?
    ) throws(CNIError) -> Value? {
        do throws(JSONFieldError) {
            return try body(reader)
        } catch {
            if isLenient { return nil }
            throw CNIError(error)
        }
    }

    func object(_ key: String, keys: JSONFieldReader.KeyMatching = .exact) throws(CNIError) -> JSONFieldReader? {
        try read { reader throws(JSONFieldError) in
            try reader.object(at: key).map { JSONFieldReader($0.object, path: $0.path, keys: keys) }
        }
    }

    func name() throws(CNIError) -> NetworkName {
        let text = try strict { reader throws(JSONFieldError) in try reader.text(at: "name") }
        guard let text else {
            throw CNIError(.invalidConfiguration, "missing network name", details: "name: the config needs one")
        }
        guard let name = NetworkName(text) else {
            throw CNIError(
                .invalidConfiguration, "invalid characters in network name",
                details: "name: \(text.quoted) \(NameRule.words)")
        }
        return name
    }

    func previousResult(_ version: CNIVersion) throws(CNIError) -> CNIResult? {
        guard let value = reader.value(at: "prevResult") else { return nil }
        do throws(CNIError) {
            return try CNIResult(value, version: version, path: reader.path(of: "prevResult"))
        } catch {
            if isLenient { return nil }
            throw error
        }
    }
}
