import CNITypes
import Foundation
import IPAMCore
import JSONTree
import TestSupport
import Testing

/// A folder of plugins that are shell scripts, removed afterwards.
final class ScriptFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "cni-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path(percentEncoded: false)
    }

    /// Writes an executable script.
    func add(_ name: String, _ script: String, mode: Int = 0o755) throws {
        try ExecutableFile.write("\(path)/\(name)", "#!/bin/sh\n\(script)\n", mode: mode)
    }

    func text(_ name: String) throws -> String { try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A call as a plugin is given it.
func call(
    _ path: String?, _ members: JSONObject = [:], command: CNICommand = .add, version: String = "1.0.0",
    patience: Duration = .seconds(30), environment: [String: String] = [:]
) throws -> CNICall {
    let document = try JSONValue(parsing: config(version, members))
    let environment = variables(command.rawValue, ["CNI_PATH": path, "PATH": "/usr/bin:/bin"]).merging(environment) {
        $1
    }
    return CNICall(
        command: command, configuration: try CNIConfiguration(document, for: command), environment: environment,
        input: document.utf8(), deadline: .now + patience)
}

private func pluginType(_ text: String) throws -> PluginType { try #require(PluginType(text)) }

/// How many descriptors this process has open.
private func openDescriptors() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
}

@Suite(.serialized) struct DelegateTests {
    @Test func delegateIsGivenEverythingAndAnswers() throws {
        let folder = try ScriptFolder()
        try folder.add(
            "echo",
            """
            cat > \(folder.path)/input
            env > \(folder.path)/environment
            echo noise >&2
            echo '{"cniVersion":"0.4.0","ips":[{"version":"4","address":"10.1.2.3/24"}],"x":1}'
            """)
        let call = try call("/nonexistent::\(folder.path)", ["ipam": ["type": "echo"]], command: .add)
        let delegate = try #require(try CNIDelegate.ipam(for: call))
        #expect(delegate.executable == "\(folder.path)/echo")
        let result = try delegate.add()
        #expect(
            result.json(version: .v100) == ["cniVersion": "1.0.0", "ips": [["address": "10.1.2.3/24"]], "x": 1])
        #expect(try folder.text("input") == String(decoding: call.input, as: UTF8.self))
        let environment = try folder.text("environment").split(separator: "\n")
        for (name, value) in call.environment where name != "PATH" { #expect(environment.contains("\(name)=\(value)")) }
        try delegate.run(.delete)
        #expect(try folder.text("environment").contains("CNI_COMMAND=DEL\n"))
    }

    @Test func errorOfTheDelegateIsForwarded() throws {
        let folder = try ScriptFolder()
        try folder.add(
            "fails", #"echo '{"cniVersion":"0.4.0","code":102,"msg":"pool is full","details":"rack-a"}'; exit 3"#)
        let delegate = try CNIDelegate(pluginType("fails"), for: call(folder.path))
        let expected = CNIError(.noFreeAddress, "pool is full", details: "rack-a")
        #expect(throws: expected) { try delegate.add() }
        #expect(throws: expected) { try delegate.run(.delete) }
    }

    /// A delegate that misbehaves, with the code and a word of the error.
    struct Misbehaviour: Sendable, CustomTestStringConvertible {
        let script: String
        let code: CNIError.Code
        let word: String
        var testDescription: String { script }

        static let all: [Misbehaviour] = [
            .init(script: "echo garbage; exit 1", code: .decodingFailed, word: "garbage"),
            .init(script: "echo garbage", code: .decodingFailed, word: "line 1, column 1"),
            .init(script: "exit 0", code: .decodingFailed, word: "empty document"),
            .init(script: "echo '{\"ips\":[{\"address\":\"x\"}]}'", code: .decodingFailed, word: "ips[0].address"),
            .init(script: "echo '{\"cniVersion\":\"9.9.9\"}'", code: .decodingFailed, word: "9.9.9"),
            .init(script: "echo '{}'; exit 7", code: .decodingFailed, word: "exit code 7"),
            .init(script: "exit 7", code: .internalError, word: "exit code 7"),
            .init(script: "kill -9 $$", code: .internalError, word: "signal 9"),
            .init(script: "exec head -c 5000000 /dev/zero", code: .decodingFailed, word: "more than"),
            .init(script: "exec yes", code: .decodingFailed, word: "more than"),
        ]
    }

    @Test(arguments: Misbehaviour.all)
    func misbehavingDelegate(_ row: Misbehaviour) throws {
        let folder = try ScriptFolder()
        try folder.add("bad", row.script)
        let delegate = try CNIDelegate(pluginType("bad"), for: call(folder.path))
        let error = #expect(throws: CNIError.self) { try delegate.add() }
        #expect(error?.code == row.code)
        let text = error?.description ?? ""
        #expect(text.contains(row.word), "\(text)")
        #expect(text.contains("\"bad\""), "\(text)")
    }

    @Test func delegateThatCannotBeFoundOrStarted() throws {
        let folder = try ScriptFolder()
        try folder.add("data", "exit 0", mode: 0o644)
        try FileManager.default.createDirectory(atPath: "\(folder.path)/folder", withIntermediateDirectories: false)
        try ExecutableFile.write("\(folder.path)/broken", "#!/nonexistent/interpreter\n")
        for missing in ["absent", "data", "folder"] {
            let error = #expect(throws: CNIError.self) { try CNIDelegate(pluginType(missing), for: call(folder.path)) }
            #expect(error?.code == .internalError)
            #expect(error?.message == "failed to find plugin \"\(missing)\"")
        }
        let broken = #expect(throws: CNIError.self) {
            try CNIDelegate(pluginType("broken"), for: call(folder.path)).add()
        }
        #expect(broken?.code == .internalError)
        #expect(broken?.details.contains("No such file") == true)
        let noPath = #expect(throws: CNIError.self) { try CNIDelegate(pluginType("absent"), for: call(nil)) }
        #expect(noPath?.code == .invalidEnvironment)
        let escape = #expect(throws: CNIError.self) {
            try CNIDelegate.ipam(for: call(folder.path, ["ipam": ["type": "../../bin/sh"]]))
        }
        #expect(escape?.code == .invalidConfiguration)
        #expect(escape?.details.contains("ipam.type") == true)
        #expect(try CNIDelegate.ipam(for: call(folder.path, ["ipam": [:]])) == nil)
        #expect(try CNIDelegate.ipam(for: call(folder.path)) == nil)
    }

    @Test func firstUsableFileOfTheSearchPathWins() throws {
        let (first, second, third) = (try ScriptFolder(), try ScriptFolder(), try ScriptFolder())
        try first.add("plugin", "exit 1", mode: 0o600)
        try second.add("plugin", "echo '{}'")
        try third.add("plugin", "exit 1")
        let delegate = try CNIDelegate(pluginType("plugin"), for: call("\(first.path):\(second.path)/:\(third.path)"))
        #expect(delegate.executable == "\(second.path)/plugin")
        #expect(try delegate.add() == CNIResult())
    }

    @Test func largeInputAndOutputDoNotBlockEachOther() throws {
        let folder = try ScriptFolder()
        // Writes before it reads, more than a pipe holds, while its input is more than a pipe holds too.
        try folder.add(
            "talker",
            "printf '{\"x\":\"'; head -c 1000000 /dev/zero | tr '\\0' x; printf '\",\"size\":'; wc -c; echo '}'")
        let filler = JSONValue.string(String(repeating: "y", count: 3_000_000))
        let call = try call(folder.path, ["filler": filler])
        let result = try CNIDelegate(pluginType("talker"), for: call).add()
        #expect(result.extensions["size"]?.int64Value == Int64(call.input.count))
        #expect(result.extensions["x"]?.stringValue?.utf8.count == 1_000_000)
    }

    @Test func delegateThatDoesNotReadItsInput() throws {
        let folder = try ScriptFolder()
        try folder.add("deaf", "exec 0<&-; echo '{}'")
        let filler = JSONValue.string(String(repeating: "y", count: 3_000_000))
        #expect(try CNIDelegate(pluginType("deaf"), for: call(folder.path, ["filler": filler])).add() == CNIResult())
    }

    @Test func deadlineEndsTheDelegateAndWhatItStarted() throws {
        let folder = try ScriptFolder()
        try folder.add("slow", "echo $$ > \(folder.path)/group; sleep 1000 & sleep 1000")
        try folder.add("silent", "exec 0<&- 1>&-; exec sleep 1000")
        for name in ["slow", "silent"] {
            let delegate = try CNIDelegate(pluginType(name), for: call(folder.path, patience: .milliseconds(300)))
            let start = MonotonicInstant.now
            let error = #expect(throws: CNIError.self) { try delegate.add() }
            #expect(error?.code == .tryAgainLater)
            #expect(start.duration(to: .now) < .seconds(20))
        }
        let group = try #require(Int32(folder.text("group").trimmingCharacters(in: .whitespacesAndNewlines)))
        // The orphan is gone once nobody of the group can be signalled; its new parent reaps it.
        let limit = MonotonicInstant.now + .seconds(10)
        while kill(-group, 0) == 0, MonotonicInstant.now < limit { sched_yield() }
        #expect(kill(-group, 0) != 0)
    }

    @Test func noDescriptorAndNoProcessIsLeft() async {
        // In a process of its own, where nobody else opens files and starts programs.
        await #expect(processExitsWith: .success) {
            let folder = try ScriptFolder()
            try folder.add("good", "ls /proc/self/fd | wc -l > \(folder.path)/count; echo '{}'")
            try folder.add("bad", "exit 1")
            try folder.add("slow", "exec sleep 1000")
            let inherited = fcntl(open("/dev/null", O_RDONLY), F_DUPFD, 50)
            #expect(inherited >= 50)
            _ = try CNIDelegate(pluginType("good"), for: call(folder.path)).add()
            // Standard streams, and the directory that ls itself reads.
            #expect(try folder.text("count").trimmingCharacters(in: .whitespacesAndNewlines) == "4")
            let before = try openDescriptors()
            for _ in 0..<20 {
                _ = try CNIDelegate(pluginType("good"), for: call(folder.path)).add()
                #expect(throws: CNIError.self) { try CNIDelegate(pluginType("bad"), for: call(folder.path)).add() }
            }
            #expect(throws: CNIError.self) {
                try CNIDelegate(pluginType("slow"), for: call(folder.path, patience: .milliseconds(50))).add()
            }
            #expect(try openDescriptors() == before)
            #expect(waitpid(-1, nil, WNOHANG) == -1 && errno == ECHILD)
        }
    }

    @Test func workingPluginOfTheDistribution() throws {
        let folder = try ScriptFolder()
        for version in ["0.3.1", "0.4.0", "1.0.0"] {
            let ipam: JSONValue = [
                "type": "host-local", "dataDir": .string("\(folder.path)/data-\(version)"),
                "ranges": [[["subnet": "10.1.2.0/24"]], [["subnet": "fd00:1::/64"]]], "routes": [["dst": "0.0.0.0/0"]],
            ]
            let call = try call("/usr/lib/cni", ["ipam": ipam], version: version)
            let delegate = try #require(try CNIDelegate.ipam(for: call))
            let result = try delegate.add()
            #expect(result.ips.map(\.address.description) == ["10.1.2.2/24", "fd00:1::2/64"])
            #expect(result.ips.map { $0.gateway?.description } == ["10.1.2.1", "fd00:1::1"])
            #expect(result.routes.map(\.destination.description) == ["0.0.0.0/0"])
            let twice = #expect(throws: CNIError.self) { try delegate.add() }
            #expect(twice?.description.contains("duplicate allocation") == true)
            if version != "0.3.1" { try delegate.run(.check) }
            try delegate.run(.delete)
            try delegate.run(.delete)
            try delegate.run(.version)
            #expect(try delegate.add().ips.map(\.address.description) == ["10.1.2.3/24", "fd00:1::3/64"])
        }
    }
}
