import CNITypes
import Foundation
import JSONTree
import Testing

/// Makes this process what a runtime starts: variables, and a file as standard input.
private func become(_ variables: [String: String], input: [UInt8]) throws {
    for name in ProcessInfo.processInfo.environment.keys where name.hasPrefix("CNI_") { unsetenv(name) }
    for (name, value) in variables { setenv(name, value, 1) }
    let file = FileManager.default.temporaryDirectory.appending(path: "cni-input-\(UUID().uuidString)")
    try Data(input).write(to: file)
    let descriptor = open(file.path(percentEncoded: false), O_RDONLY)
    try FileManager.default.removeItem(at: file)
    dup2(descriptor, STDIN_FILENO)
    close(descriptor)
}

/// The documents that a process printed.
private func document(_ result: ExitTest.Result?) throws -> JSONValue {
    try JSONValue(parsing: #require(result).standardOutputContent.span)
}

@Suite struct ProcessTests {
    @Test func startedByHand() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try become([:], input: [])
            var output: [Int32] = [0, 0]
            pipe(&output)
            dup2(output[1], STDOUT_FILENO)
            #expect(CNIPluginMain.run(StubPlugin()) == 0)
            var waiting: Int32 = -1
            #expect(ioctl(output[0], UInt(FIONREAD), &waiting) == 0)
            #expect(waiting == 0, "bytes on standard output")
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains("stub 1.0; CNI protocol versions: 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0\n"))
    }

    @Test func versionWithAndWithoutQuestion() async throws {
        let asked = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            try become(["CNI_COMMAND": "VERSION"], input: Array(#"{"cniVersion":"0.4.0"}"#.utf8))
            exit(CNIPluginMain.run(StubPlugin()))
        }
        #expect(try document(asked)["cniVersion"] == "0.4.0")
        let unasked = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            try become(["CNI_COMMAND": "VERSION"], input: [])
            close(STDIN_FILENO)
            exit(CNIPluginMain.run(StubPlugin()))
        }
        #expect(try document(unasked)["cniVersion"] == "1.1.0")
    }

    @Test func addInAnotherNamespace() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            let namespace = try ForeignNamespace()
            try become(variables("ADD", ["CNI_NETNS": namespace.path]), input: Array(config("0.4.0").utf8))
            let code = CNIPluginMain.run(StubPlugin())
            namespace.end()
            exit(code)
        }
        #expect(try document(result) == ["cniVersion": "0.4.0"])
    }

    @Test func addInItsOwnNamespaceFails() async throws {
        let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardOutputContent]) {
            try become(variables("ADD", ["CNI_NETNS": "/proc/self/ns/net"]), input: Array(config("0.4.0").utf8))
            exit(CNIPluginMain.run(StubPlugin()))
        }
        #expect(try document(result)["code"] == 8)
    }

    @Test func standardInputIsLimited() async throws {
        let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardOutputContent]) {
            try become(variables("ADD"), input: [UInt8](repeating: 0x20, count: 5 << 20))
            exit(CNIPluginMain.run(StubPlugin()))
        }
        #expect(try document(result)["code"] == 6)
        #expect(try document(result)["msg"] == "network config too large")
    }

    @Test func standardInputThatCannotBeRead() async throws {
        let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardOutputContent]) {
            try become(variables("DEL"), input: [])
            close(STDIN_FILENO)
            exit(CNIPluginMain.run(StubPlugin()))
        }
        #expect(try document(result)["code"] == 5)
    }

    @Test func nobodyReadsTheAnswer() async {
        await #expect(processExitsWith: .exitCode(1)) {
            try become(["CNI_COMMAND": "VERSION"], input: [])
            var ends: [Int32] = [0, 0]
            pipe(&ends)
            dup2(ends[1], STDOUT_FILENO)
            close(ends[0])
            exit(CNIPluginMain.run(StubPlugin()))
        }
    }
}

/// A network namespace that lives as long as a program in it.
private final class ForeignNamespace {
    private let program = Foundation.Process()
    private let input = Foundation.Pipe()

    init() throws {
        let output = Foundation.Pipe()
        program.executableURL = URL(filePath: "/usr/bin/unshare")
        program.arguments = ["--net", "--mount", "sh", "-c", "echo ready; cat"]
        program.standardInput = input
        program.standardOutput = output
        try program.run()
        try #require(output.fileHandleForReading.availableData == Data("ready\n".utf8), "needs root")
    }

    var path: String { "/proc/\(program.processIdentifier)/ns/net" }
    var mountPath: String { "/proc/\(program.processIdentifier)/ns/mnt" }

    func end() {
        try? input.fileHandleForWriting.close()
        program.waitUntilExit()
    }
}

@Test func kindsOfNamespacePaths() throws {
    let foreign = try ForeignNamespace()
    #expect(NamespaceKind(ofPath: foreign.path) == .other)
    #expect(NamespaceKind(ofPath: foreign.mountPath) == .somethingElse)
    foreign.end()
    #expect(NamespaceKind(ofPath: foreign.path) == .missing)
    #expect(NamespaceKind(ofPath: "/proc/self/ns/net") == .own)
    #expect(NamespaceKind(ofPath: "/proc/\(getpid())/task/\(getpid())/ns/net") == .own)
    #expect(NamespaceKind(ofPath: "/etc/passwd") == .somethingElse)
    #expect(NamespaceKind(ofPath: "/proc/self/ns/uts") == .somethingElse)
    #expect(NamespaceKind(ofPath: "/") == .somethingElse)
    #expect(NamespaceKind(ofPath: "/nonexistent") == .missing)
    #expect(NamespaceKind(ofPath: "") == .missing)
    #expect(NamespaceKind(ofPath: "/proc/self/ns/net\0x") == .missing)
}
