import CNITypes
import JSONTree
import Testing

/// A plugin whose functions are given by the test; unless given, `ADD` returns what came before.
struct StubPlugin: CNIPlugin {
    var about = "stub 1.0"
    var supportedVersions = CNIVersion.allCases
    var onAdd: (CNIAddRequest) throws(CNIError) -> CNIResult = { $0.previousResult ?? CNIResult() }
    var onDelete: (CNIDeleteRequest) throws(CNIError) -> Void = { _ in }
    var onCheck: (CNICheckRequest) throws(CNIError) -> Void = { _ in }
    var onCollectGarbage: (CNIGarbageRequest) throws(CNIError) -> Void = { _ in }
    var onStatus: (CNIStatusRequest) throws(CNIError) -> Void = { _ in }

    func add(_ request: CNIAddRequest) throws(CNIError) -> CNIResult { try onAdd(request) }
    func delete(_ request: CNIDeleteRequest) throws(CNIError) { try onDelete(request) }
    func check(_ request: CNICheckRequest) throws(CNIError) { try onCheck(request) }
    func collectGarbage(_ request: CNIGarbageRequest) throws(CNIError) { try onCollectGarbage(request) }
    func status(_ request: CNIStatusRequest) throws(CNIError) { try onStatus(request) }
}

/// What a runtime sees of an invocation.
struct Observation {
    var exitCode: Int32 = -1
    var documents: [[UInt8]] = []
    var diagnostics: [String] = []
    var inputWasRead = false

    var text: String { documents.map { String(decoding: $0, as: UTF8.self) }.joined() }
    var document: JSONValue? { try? JSONValue(parsing: text) }
    var code: Int64? { document?["code"]?.int64Value }
    var message: String { document?["msg"]?.stringValue ?? "" }
    var details: String { document?["details"]?.stringValue ?? "" }

    /// Whether what was printed is exactly one error object with a version, and the exit code 1.
    var isProperFailure: Bool {
        exitCode == 1 && documents.count == 1 && (code ?? 0) >= 1 && !message.isEmpty
            && CNIVersion(rawValue: document?["cniVersion"]?.stringValue ?? "") != nil
    }

    /// Whether nothing was printed, and the exit code is 0.
    var isSilentSuccess: Bool { exitCode == 0 && documents.isEmpty && diagnostics.isEmpty }
}

/// The variables of an invocation; `nil` removes one.
func variables(_ command: String?, _ changes: [String: String?] = [:]) -> [String: String] {
    var variables: [String: String?] = [
        "CNI_COMMAND": command, "CNI_CONTAINERID": "c0ffee", "CNI_NETNS": "/var/run/netns/pod", "CNI_IFNAME": "eth0",
        "CNI_PATH": "/opt/cni/bin",
    ]
    for (name, value) in changes { variables[name] = .some(value) }
    return variables.compactMapValues { $0 }
}

/// Runs the whole entry in the process of the test.
func invoke(
    _ environment: [String: String], _ input: [UInt8], _ plugin: some CNIPlugin = StubPlugin(),
    namespace: NamespaceKind = .other
) -> Observation {
    let recorder = Recorder()
    let host = CNIHost(
        environment: environment,
        readInput: { _ throws(CNIError) in
            recorder.observation.inputWasRead = true
            return input
        },
        writeOutput: {
            recorder.observation.documents.append($0)
            return true
        },
        writeDiagnostics: { recorder.observation.diagnostics.append($0) }, namespaceKind: { _ in namespace })
    recorder.observation.exitCode = CNIPluginMain.run(plugin, in: host)
    return recorder.observation
}

private final class Recorder {
    var observation = Observation()
}

func invoke(
    _ environment: [String: String], _ input: String, _ plugin: some CNIPlugin = StubPlugin(),
    namespace: NamespaceKind = .other
) -> Observation {
    invoke(environment, Array(input.utf8), plugin, namespace: namespace)
}

/// A configuration as text.
func config(_ version: String? = "1.0.0", _ members: JSONObject = [:]) -> String {
    var object: JSONObject = ["name": "net", "type": "stub"]
    if let version { object.set("cniVersion", .string(version)) }
    for member in members.members { object.set(member.key, member.value) }
    return JSONValue.object(object).text()
}
