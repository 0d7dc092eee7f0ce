import Glibc
import JSONTree
import Testing

@testable import PluginLog

@Suite struct LogTests {
    func files(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    func write(_ count: Int, to path: String) {
        guard let file = fopen(path, "w") else { return }
        fputs(String(repeating: "x", count: count), file)
        fclose(file)
    }

    @Test func rotationRemovesOnlyWhatItMade() throws {
        var template = Array("/tmp/ipam-log-XXXXXX".utf8CString)
        let folder = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? ""
        }
        try #require(!folder.isEmpty)
        defer {
            for name in files(in: folder) { unlink("\(folder)/\(name)") }
            rmdir(folder)
        }
        let strangers = ["spiderpool-agent.log", "spiderpool-zzz.log", "spiderpool-.log"]
        let old = (1...9).map { "spiderpool-2026-01-0\($0)T101112Z.log" }
        for name in strangers + old { write(1, to: "\(folder)/\(name)") }
        var settings = LogSettings(path: "\(folder)/spiderpool.log")
        settings.maximumMegabytes = 1
        settings.maximumFiles = 2
        write(1 << 20, to: settings.path)
        PluginLog(settings, subject: []).write(.error, "full")
        let left = files(in: folder)
        #expect(Set(left).isSuperset(of: strangers))
        #expect(left.filter { $0.hasPrefix("spiderpool-20") }.count == 2)
    }

    /// What was refused is written at every level.
    @Test(arguments: ["error", "fatal", "PANIC"]) func errorsAreAlwaysLogged(word: String) throws {
        let level = try #require(LogSettings.Level(word: word))
        #expect(LogSettings.Level.error >= level)
    }

    /// Each key has its default, whatever other keys are there.
    @Test func optionsHaveTheirOwnDefaults() throws {
        let reader = try JSONFieldReader(JSONValue(parsing: #"{"logFile":"/x/y.log","logMaxAge":-1}"#))
        let settings = try LogSettings(options: reader, path: "/z")
        #expect(settings.level == .debug)
        #expect(settings.path == "/x/y.log")
        #expect(settings.maximumMegabytes == 100)
        #expect(settings.maximumDays == 30)
        #expect(settings.maximumFiles == nil)
        #expect(try LogSettings(options: nil, path: "/z").path == "/z")
    }

    @Test(arguments: [
        #"{"logLevel":"loud"}"#, #"{"logLevel":1}"#, #"{"logFile":"relative"}"#, #"{"logMaxSize":"100"}"#,
        #"{"logMaxAge":2000000}"#, #"{"logMaxCount":1.5}"#,
    ]) func aWrongOptionIsNamed(text: String) throws {
        let value = try JSONValue(parsing: text)
        let key = try #require(value.objectValue?.keys.first)
        let reader = try JSONFieldReader(value)
        let error = #expect(throws: JSONFieldError.self) { try LogSettings(options: reader, path: "/z") }
        #expect(error?.description.hasPrefix("\(key):") == true)
        #expect(LogSettings(lenientOptions: reader, path: "/z").path == "/z")
    }
}
