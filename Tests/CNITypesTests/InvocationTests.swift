import CNITypes
import JSONTree
import Testing

@Test func withoutCommandThereIsOnlyALineAboutThePlugin() {
    let observation = invoke([:], "")
    #expect(observation.exitCode == 0)
    #expect(observation.documents.isEmpty)
    #expect(observation.diagnostics == ["stub 1.0; CNI protocol versions: 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0"])
    #expect(!observation.inputWasRead)
}

@Test(arguments: [
    ("", "1.1.0"), (#"{"cniVersion":"0.4.0"}"#, "0.4.0"), (#"{"cniVersion":"0.2.0"}"#, "1.1.0"), ("garbage", "1.1.0"),
    (#"{"cniVersion":5}"#, "1.1.0"), ("[]", "1.1.0"),
])
func versionIsAnsweredWhateverTheQuestion(_ input: String, _ version: String) {
    let observation = invoke(["CNI_COMMAND": "VERSION"], input)
    #expect(observation.exitCode == 0)
    #expect(
        observation.document == [
            "cniVersion": .string(version), "supportedVersions": ["0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"],
        ])
}

@Test func versionOfAPluginThatSpeaksFewer() {
    let plugin = StubPlugin(supportedVersions: [.v030, .v040])
    let observation = invoke(["CNI_COMMAND": "VERSION"], #"{"cniVersion":"1.0.0"}"#, plugin)
    #expect(observation.document == ["cniVersion": "0.4.0", "supportedVersions": ["0.3.0", "0.4.0"]])
    let refused = invoke(variables("ADD"), config("1.0.0"), plugin)
    #expect(refused.isProperFailure)
    #expect(refused.details == #"config is "1.0.0", plugin supports ["0.3.0", "0.4.0"]"#)
}

/// A document that is refused, with its code and what the error has to name.
struct RefusedConfiguration: Sendable, CustomTestStringConvertible {
    let command: String
    let input: String
    let code: Int64
    let words: [String]
    var testDescription: String { "\(command) \(input)" }

    init(_ command: String, _ input: String, _ code: Int64, _ words: String...) {
        self.command = command
        self.input = input
        self.code = code
        self.words = words
    }

    static let all: [RefusedConfiguration] = [
        .init("ADD", "", 6, "empty document"), .init("ADD", "{", 6, "line 1, column 2"), .init("ADD", "[]", 6, "array"),
        .init("ADD", #""text""#, 6), .init("ADD", config() + "x", 6), .init("DEL", "{", 6), .init("GC", "nul", 6),
        .init("ADD", #"{"name":"a","name":"b","cniVersion":"1.0.0"}"#, 6, "duplicate key", "name"),
        .init("ADD", #"{"cniVersion":"1.0.0"}"#, 7, "missing network name"),
        .init("ADD", #"{"cniVersion":"1.0.0","name":""}"#, 7, "missing network name"),
        .init("ADD", #"{"cniVersion":"1.0.0","NAME":"net"}"#, 7, "missing network name"),
        .init("ADD", config("1.0.0", ["name": "a b"]), 7, "name", "a b"),
        .init("DEL", config("1.0.0", ["name": "../x"]), 7, "name", "../x"),
        .init("ADD", config("1.0.0", ["name": 5]), 7, "name: expected a string, got number 5"),
        .init("ADD", config(nil), 1, #"config is "0.1.0", plugin supports ["0.3.0", "0.3.1","#),
        .init("ADD", config(""), 1, "0.1.0"), .init("ADD", config("0.2.0"), 1, "0.2.0"),
        .init("ADD", config("2.0.0"), 1, "2.0.0"), .init("DEL", config("1.0"), 1, #""1.0""#),
        .init("ADD", config("one"), 6, "cniVersion", "one"), .init("ADD", config("1.0.0-rc1"), 6, "1.0.0-rc1"),
        .init("ADD", config(nil, ["cniVersion": 1]), 7, "cniVersion: expected a string, got number 1"),
        .init("CHECK", config("0.3.1"), 1, "config version does not allow CHECK"),
        .init("GC", config("1.0.0"), 1, "config version does not allow GC"),
        .init("STATUS", config("1.0.0"), 1, "config version does not allow STATUS"),
        .init("CHECK", config("0.4.0"), 7, "prevResult"),
        .init("CHECK", config("0.4.0", ["prevResult": nil]), 7, "prevResult"),
        .init("GC", config("1.1.0"), 7, "cni.dev/valid-attachments"),
        .init("GC", config("1.1.0", ["cni.dev/valid-attachments": nil]), 7, "cni.dev/valid-attachments"),
        .init(
            "GC", config("1.1.0", ["cni.dev/valid-attachments": [["containerID": "../x", "ifname": "eth0"]]]), 7,
            "cni.dev/valid-attachments[0].containerID", "../x"),
        .init(
            "GC", config("1.1.0", ["cni.dev/attachments": [["containerID": "x"]]]), 7,
            "cni.dev/attachments[0].ifname: missing"),
        .init("ADD", config("1.0.0", ["type": "../sh"]), 7, "type", "../sh"),
    ]
}

@Test(arguments: RefusedConfiguration.all)
func refusesConfiguration(_ row: RefusedConfiguration) {
    let observation = invoke(variables(row.command), row.input)
    #expect(observation.isProperFailure)
    #expect(observation.code == row.code)
    for word in row.words { #expect("\(observation.message); \(observation.details)".contains(word)) }
}

@Test func errorsCarryTheVersionOfTheConfiguration() {
    #expect(invoke(variables("ADD"), config("0.3.1", ["name": "a b"])).document?["cniVersion"] == "0.3.1")
    #expect(invoke(variables("ADD"), config("0.2.0")).document?["cniVersion"] == "1.1.0")
    #expect(invoke(variables("ADD"), "{").document?["cniVersion"] == "1.1.0")
}

/// What a namespace turns out to be, and what comes of it; the code 0 stands for success.
struct NamespaceRow: Sendable, CustomTestStringConvertible {
    let command: String
    let kind: NamespaceKind
    let override: String?
    let code: Int64
    var testDescription: String { "\(command) \(kind) \(override ?? "-")" }

    static let all: [NamespaceRow] = [
        .init(command: "ADD", kind: .other, override: nil, code: 0),
        .init(command: "ADD", kind: .own, override: nil, code: 8),
        .init(command: "ADD", kind: .own, override: "1", code: 0),
        .init(command: "ADD", kind: .own, override: "TRUE", code: 0),
        .init(command: "ADD", kind: .own, override: "no", code: 8),
        .init(command: "ADD", kind: .missing, override: "1", code: 8),
        .init(command: "ADD", kind: .somethingElse, override: nil, code: 8),
        .init(command: "CHECK", kind: .missing, override: nil, code: 8),
        .init(command: "DEL", kind: .missing, override: nil, code: 0),
        .init(command: "DEL", kind: .own, override: nil, code: 0),
        .init(command: "DEL", kind: .somethingElse, override: nil, code: 0),
    ]
}

@Test(arguments: NamespaceRow.all)
func looksAtTheNamespaceBeforeTheWork(_ row: NamespaceRow) {
    let log = Log()
    var plugin = StubPlugin()
    plugin.onAdd = { request throws(CNIError) in
        log.paths.append(request.namespacePath)
        return CNIResult()
    }
    plugin.onDelete = { request throws(CNIError) in log.paths.append(request.namespacePath) }
    let environment = variables(row.command, ["CNI_NETNS_OVERRIDE": row.override])
    let observation = invoke(environment, config("1.0.0", ["prevResult": [:]]), plugin, namespace: row.kind)
    #expect(observation.code ?? 0 == row.code)
    #expect(observation.exitCode == (row.code == 0 ? 0 : 1))
    if row.code == 8 {
        #expect(observation.details.contains("/var/run/netns/pod"))
        if row.kind == .own {
            #expect(observation.message == "plugin's netns and netns from CNI_NETNS should not be the same")
        }
    }
    let expected: [String?] = row.kind == .other || row.override != nil ? ["/var/run/netns/pod"] : [nil]
    #expect(log.paths == (row.code == 0 ? expected : []))
}

private final class Log {
    var paths: [String?] = []
    var requests = 0
}

@Test func deleteIsLenient() {
    let log = Log()
    var plugin = StubPlugin()
    plugin.onDelete = { request throws(CNIError) in
        log.requests += 1
        #expect(request.attachment.containerID.text == "c0ffee")
        #expect(request.namespacePath == nil)
        #expect(request.previousResult == nil)
        #expect(request.call.configuration.ipam == nil)
    }
    let damaged: JSONObject = [
        "prevResult": ["ips": 5], "ipam": "x", "dns": [], "runtimeConfig": 1, "type": "../x", "capabilities": [],
    ]
    for arguments in ["", "A=B", "x", "IgnoreUnknown=maybe"] {
        for version in ["0.3.1", "0.4.0"] {
            let environment = variables("DEL", ["CNI_NETNS": nil, "CNI_ARGS": arguments])
            #expect(invoke(environment, config(version, damaged), plugin, namespace: .missing).isSilentSuccess)
        }
    }
    #expect(log.requests == 8)
}

@Test func deleteSeesThePreviousResultWhereThereIsOne() {
    let log = Log()
    var plugin = StubPlugin()
    plugin.onDelete = { request throws(CNIError) in
        if request.previousResult?.interfaces.first?.name == "eth0" { log.requests += 1 }
    }
    let members: JSONObject = ["prevResult": ["interfaces": [["name": "eth0"]]]]
    #expect(invoke(variables("DEL"), config("0.4.0", members), plugin).isSilentSuccess)
    #expect(log.requests == 1)
}

@Test func garbageCollectionTakesTheUnionOfBothLists() throws {
    final class Seen { var lists: [Set<CNIAttachment>] = [] }
    let seen = Seen()
    var plugin = StubPlugin()
    plugin.onCollectGarbage = { request throws(CNIError) in seen.lists.append(request.validAttachments) }
    let one: JSONValue = ["containerID": "a", "ifname": "eth0"]
    let two: JSONValue = ["containerID": "b", "ifname": "net1"]
    let environment = ["CNI_COMMAND": "GC"]
    for members: JSONObject in [
        ["cni.dev/valid-attachments": []], ["cni.dev/attachments": [one]],
        ["cni.dev/valid-attachments": [one, one], "cni.dev/attachments": [two]],
    ] {
        #expect(invoke(environment, config("1.1.0", members), plugin).isSilentSuccess)
    }
    #expect(seen.lists.map(\.count) == [0, 1, 2])
}

@Test func statusForwardsThePluginsAnswer() {
    #expect(invoke(["CNI_COMMAND": "STATUS"], config("1.1.0")).isSilentSuccess)
    let plugin = StubPlugin(onStatus: { _ throws(CNIError) in
        throw CNIError(.notAvailable, "agent does not answer", details: "/run/agent.sock: connection refused")
    })
    let observation = invoke(["CNI_COMMAND": "STATUS"], config("1.1.0"), plugin)
    #expect(observation.isProperFailure)
    #expect(observation.code == 50)
}

@Test func unknownKeysDoNoHarmAndPluginKeysIgnoreCase() {
    let members: JSONObject = ["x": [1], "podDefaultRouteNIC": "eth0", "ipam": ["LOG_level": "info", "type": "a"]]
    let plugin = StubPlugin(onAdd: { request throws(CNIError) in
        do throws(JSONFieldError) {
            let configuration = request.call.configuration
            #expect(try configuration.plugin.string(at: "podDefaultRouteNic") == "eth0")
            #expect(try configuration.ipam?.string(at: "log_level") == "info")
            #expect(configuration.document["x"] == [1])
            #expect(configuration.name.text == "net")
        } catch {
            throw CNIError(error)
        }
        return CNIResult()
    })
    let observation = invoke(variables("ADD"), config("1.0.0", members), plugin)
    #expect(observation.document == ["cniVersion": "1.0.0"])
}

@Test func wrongPluginKeyIsNamed() {
    let plugin = StubPlugin(onAdd: { request throws(CNIError) in
        do throws(JSONFieldError) {
            _ = try request.call.configuration.plugin.integer(at: "vethMTU", in: 1...65535)
            return CNIResult()
        } catch {
            throw CNIError(error)
        }
    })
    let observation = invoke(variables("ADD"), config("1.0.0", ["vethMTU": "1500"]), plugin)
    #expect(observation.code == 7)
    #expect(observation.details == #"vethMTU: expected an integer in 1...65535, got string "1500""#)
}

@Test func chainedPluginsAskForThePreviousResult() {
    let plugin = StubPlugin(onAdd: { request throws(CNIError) in try request.requirePreviousResult() })
    let observation = invoke(variables("ADD"), config("0.3.1"), plugin)
    #expect(observation.isProperFailure)
    #expect(observation.code == 7)
    #expect(observation.message == "missing prevResult")
    #expect(invoke(variables("ADD"), config("0.3.1", ["prevResult": [:]]), plugin).exitCode == 0)
}
