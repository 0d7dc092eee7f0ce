import Glibc
import JSONTree
import NetlinkKit
import Testing

/// A network namespace with a name that nobody else uses; it ends with the value.
final class Space: Sendable {
    let name: String
    let folder: TemporaryFolder
    private let namespace: NetworkNamespace

    /// Makes a namespace whose loopback link is up, in which addresses are there at once and nothing filters by reverse path.
    init(_ name: String, in folder: TemporaryFolder, forwards: Bool = false) throws {
        self.name = name
        self.folder = folder
        namespace = try NetworkNamespace.create(named: name)
        try perform {
            for scope in ["all", "default"] {
                try Self.write("0", to: "net/ipv6/conf/\(scope)/accept_dad")
                try Self.write("0", to: "net/ipv4/conf/\(scope)/rp_filter")
                if forwards {
                    try Self.write("1", to: "net/ipv4/conf/\(scope)/forwarding")
                    try Self.write("1", to: "net/ipv6/conf/\(scope)/forwarding")
                }
            }
        }
        try ip("link set lo up")
    }

    deinit { removeName() }

    var path: String { "/run/netns/\(name)" }

    /// Takes the name away; who holds the namespace open keeps it.
    func removeName() { _ = try? NetworkNamespace.remove(named: name) }

    /// Does something on a thread in the namespace: what it opens, and processes that it starts, belong there.
    func perform<Value>(_ body: () throws -> Value) throws -> Value {
        try namespace.perform { Result(catching: body) }.get()
    }

    /// Runs a program in the namespace; a failure fails the test.
    @discardableResult
    func run(_ arguments: String..., input: String = "") throws -> String {
        let outcome = try perform { try RunningProgram(arguments, input: input, in: folder) }.wait()
        try #require(
            outcome.status == 0, "\(arguments.joined(separator: " ")): \(outcome.output)\(outcome.diagnostics)")
        return outcome.output
    }

    /// Carries out commands of ip(8), one a line.
    func ip(_ commands: String) throws { try run("ip", "-batch", "-", input: commands) }

    /// How the kernel answers `ip route get`: the link, the gateway and the table.
    func way(_ arguments: String...) throws -> String {
        let words = ["ip", "-j", "route", "get"] + arguments
        let outcome = try perform { try RunningProgram(words, in: folder) }.wait()
        let route = try #require(outcome.document?.arrayValue?.first, "\(arguments): \(outcome.diagnostics)")
        return ["dev", "gateway", "table"].compactMap { route[$0]?.stringValue }.joined(separator: " ")
    }

    /// A setting below `/proc/sys`.
    func sysctl(_ key: String) throws -> String {
        try perform {
            let file = try #require(fopen("/proc/sys/\(key)", "r"), "\(key): errno \(errno)")
            defer { fclose(file) }
            var line = [CChar](repeating: 0, count: 128)
            fgets(&line, Int32(line.count), file)
            return String(decoding: line.lazy.map { UInt8(bitPattern: $0) }.prefix { $0 > 32 }, as: UTF8.self)
        }
    }

    /// Sets what stands below `/proc/sys`.
    func setSysctl(_ key: String, _ value: String) throws { try perform { try Self.write(value, to: key) } }

    private static func write(_ value: String, to key: String) throws {
        let file = try #require(fopen("/proc/sys/\(key)", "w"), "\(key): errno \(errno)")
        fputs(value, file)
        try #require(fclose(file) == 0, "\(key): errno \(errno)")
    }
}
