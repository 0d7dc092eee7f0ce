import CNITypes
import Testing

/// An environment that is refused before standard input is read.
struct RefusedEnvironment: Sendable, CustomTestStringConvertible {
    let environment: [String: String]
    let words: [String]
    var testDescription: String { words.joined(separator: " ") }

    init(_ environment: [String: String], _ words: String...) {
        self.environment = environment
        self.words = words
    }

    static let all: [RefusedEnvironment] = [
        .init(variables("FOO"), "unknown CNI_COMMAND: FOO"),
        .init(variables("add"), "unknown CNI_COMMAND: add"),
        .init(
            variables("ADD", ["CNI_CONTAINERID": nil, "CNI_IFNAME": ""]),
            "required env variables [CNI_CONTAINERID,CNI_IFNAME] missing"),
        .init(variables("ADD", ["CNI_NETNS": nil]), "required env variables [CNI_NETNS] missing"),
        .init(variables("CHECK", ["CNI_NETNS": ""]), "required env variables [CNI_NETNS] missing"),
        .init(variables("DEL", ["CNI_IFNAME": nil]), "required env variables [CNI_IFNAME] missing"),
        // Missing variables are told before wrong ones.
        .init(variables("ADD", ["CNI_CONTAINERID": "-x", "CNI_IFNAME": nil]), "[CNI_IFNAME] missing"),
        .init(variables("ADD", ["CNI_IFNAME": "sixteen-bytes-16"]), "CNI_IFNAME", "sixteen-bytes-16"),
        .init(variables("ADD", ["CNI_IFNAME": "a/b"]), "CNI_IFNAME", "a/b"),
        .init(variables("ADD", ["CNI_IFNAME": ".."]), "CNI_IFNAME", ".."),
        .init(variables("ADD", ["CNI_IFNAME": "."]), "CNI_IFNAME"),
        .init(variables("ADD", ["CNI_IFNAME": "a:b"]), "CNI_IFNAME", "a:b"),
        .init(variables("DEL", ["CNI_IFNAME": "a b"]), "CNI_IFNAME", "a b"),
        .init(variables("ADD", ["CNI_IFNAME": "éééééééé"]), "CNI_IFNAME"),
        .init(variables("ADD", ["CNI_CONTAINERID": "-x"]), "CNI_CONTAINERID", "-x"),
        .init(variables("ADD", ["CNI_CONTAINERID": "a b"]), "CNI_CONTAINERID", "a b"),
        .init(variables("ADD", ["CNI_CONTAINERID": "../etc"]), "CNI_CONTAINERID", "../etc"),
        .init(variables("ADD", ["CNI_CONTAINERID": "é"]), "CNI_CONTAINERID"),
        .init(variables("DEL", ["CNI_CONTAINERID": "a\nb"]), "CNI_CONTAINERID", #"a\nb"#),
        .init(variables("ADD", ["CNI_ARGS": "A=B"]), "CNI_ARGS", #"unknown key "A""#, "IgnoreUnknown=1"),
        .init(variables("ADD", ["CNI_ARGS": "x"]), "CNI_ARGS", "KEY=VALUE"),
        .init(variables("ADD", ["CNI_ARGS": "=x"]), "CNI_ARGS", "KEY=VALUE"),
        .init(variables("CHECK", ["CNI_ARGS": "IgnoreUnknown=maybe"]), "CNI_ARGS", "IgnoreUnknown must be"),
    ]
}

@Test(arguments: RefusedEnvironment.all)
func refusesEnvironment(_ row: RefusedEnvironment) {
    let observation = invoke(row.environment, config())
    #expect(observation.isProperFailure)
    #expect(observation.code == 4)
    #expect(!observation.inputWasRead)
    let text = "\(observation.message); \(observation.details)"
    for word in row.words { #expect(text.contains(word)) }
}

@Test func namesThatMayBecomePartOfAPath() {
    for good in ["a", "0", "c0ffee", "A.b-c_d", "a..b", String(repeating: "f", count: 64)] {
        #expect(ContainerID(good)?.text == good)
        #expect(NetworkName(good) != nil && PluginType(good) != nil)
    }
    for bad in ["", ".", "..", "-a", "_a", "a/b", "/a", "a\0", "a b", "ä", "a\u{301}"] {
        #expect(ContainerID(bad) == nil && NetworkName(bad) == nil && PluginType(bad) == nil)
    }
}

@Test func argumentsOfTheRuntime() throws {
    let text =
        "IgnoreUnknown=1;A=B;;K8S_POD_NAMESPACE=default;K8S_POD_NAME=a=b;K8S_POD_UID=;MAC=0a:00:00:00:00:01;IP=10.0.0.1"
    let arguments = try CNIArguments(parsing: text)
    #expect(arguments.podName == "a=b")
    #expect(arguments.podNamespace == "default")
    #expect(arguments.podUID == nil)
    #expect(arguments.hardwareAddress == "0a:00:00:00:00:01")
    #expect(arguments.address == "10.0.0.1")
    #expect(arguments.values["A"] == "B")
    #expect(try arguments.requirePod() == ("default", "a=b"))
    #expect(
        try CNIArguments(parsing: "K8S_POD_INFRA_CONTAINER_ID=x;ignoreunknown=1;IgnoreUnknown=TRUE").sandboxID == "x")
    let error = #expect(throws: CNIError.self) { try CNIArguments(parsing: "K8S_POD_NAME=a").requirePod() }
    #expect(error?.code == .invalidEnvironment)
    #expect(error?.details == "missing K8S_POD_NAMESPACE")
}
