internal import Glibc
public import IPAMCore
internal import PluginLog

/// What the plugin asks its host; tests give their own.
public struct HostFacts: Sendable {
    /// The present moment.
    public var now: @Sendable () -> Timestamp
    /// The boot ID of the kernel, which changes with every start of the host; empty when it is not known.
    public var bootID: @Sendable () -> String
    /// The name of the host.
    public var hostName: @Sendable () -> String

    /// Makes facts.
    public init(
        now: @escaping @Sendable () -> Timestamp, bootID: @escaping @Sendable () -> String,
        hostName: @escaping @Sendable () -> String
    ) {
        self.now = now
        self.bootID = bootID
        self.hostName = hostName
    }

    /// The host that the process runs on.
    public static let system = HostFacts(
        now: { SystemClock.now }, bootID: { readBootID() }, hostName: { readHostName() })

    private static func readBootID() -> String {
        let descriptor = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { return "" }
        return String(decoding: buffer[..<count].prefix { $0 > 0x20 }, as: UTF8.self)
    }

    private static func readHostName() -> String {
        var name = utsname()
        guard uname(&name) == 0 else { return "" }
        return withUnsafePointer(to: &name.nodename) {
            $0.withMemoryRebound(to: CChar.self, capacity: 65) { String(cString: $0) }
        }
    }
}
