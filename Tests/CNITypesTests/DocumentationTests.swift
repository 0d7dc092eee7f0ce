import CNITypes
import IPAMCore
import JSONTree
import Testing

// The examples of the documentation, with what they promise.

private struct Loop: CNIPlugin {
    var about: String { "loop 1.0" }
    func add(_ request: CNIAddRequest) throws(CNIError) -> CNIResult { try request.requirePreviousResult() }
    func delete(_ request: CNIDeleteRequest) throws(CNIError) {}
    func check(_ request: CNICheckRequest) throws(CNIError) {}
    func collectGarbage(_ request: CNIGarbageRequest) throws(CNIError) {}
    func status(_ request: CNIStatusRequest) throws(CNIError) {}
}

@Test func exampleOfThePlugin() throws {
    let document: JSONObject = ["prevResult": ["x": 1]]
    let observation = invoke(variables("ADD"), config("1.0.0", document), Loop())
    #expect(observation.document == ["cniVersion": "1.0.0", "x": 1])
    let input = Array(config("1.0.0", document).utf8)
    let host = CNIHost(
        environment: variables("ADD"), readInput: { _ in input }, writeOutput: { _ in false },
        writeDiagnostics: { _ in }, namespaceKind: { _ in .other })
    #expect(CNIPluginMain.run(Loop(), in: host) == 1, "nobody takes the answer")
}

@Test func exampleOfTheArguments() throws {
    let arguments = try CNIArguments(parsing: "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=web-0")
    #expect(arguments.podName == "web-0")
}

@Test func exampleOfTheInterfaceAddress() throws {
    #expect(try InterfaceAddress(parsing: "172.22.4.10/16").network.description == "172.22.0.0/16")
}

@Test func exampleOfTheError() {
    let error = CNIError(
        JSONFieldError(at: .root.appending("ipam").appending("mtu"), expected: "an integer", actual: "x"))
    #expect(
        error.json(version: .v100).text()
            == #"{"cniVersion":"1.0.0","code":7,"msg":"invalid network config","#
            + #""details":"ipam.mtu: expected an integer, got string \"x\""}"#)
}
