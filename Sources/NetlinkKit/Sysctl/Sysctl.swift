internal import Glibc
internal import SystemPackage

/// The settings of the kernel's network (`/proc/sys/net`, sysctl(8)) in the namespace of the calling thread.
///
/// Which namespace a file there belongs to is decided by the thread that opens it. In another one, call these from
/// ``NetworkNamespace/perform(_:)`` or `NamespaceThread` of `NetlinkAsync`.
public enum Sysctl {
    /// The value of a key.
    ///
    /// - Parameter key: The key.
    /// - Returns: The kernel's text without the newline at its end.
    /// - Throws: ``NetlinkError/Code/notFound`` when the kernel, or the namespace, has no such key.
    public static func value(of key: SysctlKey) throws(NetlinkError) -> String {
        let operation = "read sysctl \(key)"
        do throws(Errno) {
            return try read(key)
        } catch {
            throw NetlinkError(errno: error, operation: operation)
        }
    }

    /// The value of a key that is one number.
    ///
    /// - Parameter key: The key.
    /// - Returns: The number.
    /// - Throws: ``NetlinkError/Code/notFound`` when there is no such key; ``NetlinkError/Code/malformed`` when its value is
    ///   not one number.
    public static func number(of key: SysctlKey) throws(NetlinkError) -> Int {
        let text = try value(of: key)
        guard let number = Int(text) else {
            throw NetlinkError(.malformed, operation: "read sysctl \(key)", detail: "“\(text)” is not a number")
        }
        return number
    }

    /// Gives a key a value, unless it has it already.
    ///
    /// - Parameter setting: Key and value.
    /// - Returns: Whether it had another value before.
    /// - Throws: ``NetlinkError/Code/notFound`` when there is no such key; ``NetlinkError/Code/invalid`` when the kernel does
    ///   not take the value.
    @discardableResult
    public static func apply(_ setting: SysctlSetting) throws(NetlinkError) -> Bool {
        let operation = "write sysctl \(setting)"
        do throws(Errno) {
            guard try words(of: read(setting.key)) != words(of: setting.value) else { return false }
        } catch .noSuchFileOrDirectory {
            throw NetlinkError(errno: .noSuchFileOrDirectory, operation: operation)
        } catch {
            // Some keys can be written only, and some cannot be read before they were written.
        }
        try write(setting, operation: operation)
        return true
    }

    /// Applies settings in their order, up to the first that is refused.
    ///
    /// - Parameter settings: Keys and values.
    /// - Returns: Those that had another value before.
    /// - Throws: As ``apply(_:)-(SysctlSetting)``.
    @discardableResult
    public static func apply(_ settings: some Sequence<SysctlSetting>) throws(NetlinkError) -> [SysctlSetting] {
        var changed: [SysctlSetting] = []
        for setting in settings where try apply(setting) { changed.append(setting) }
        return changed
    }

    private static func read(_ key: SysctlKey) throws(Errno) -> String {
        let file = try open(key, O_RDONLY)
        defer { _ = close(file) }
        var octets = [UInt8](repeating: 0, count: 512)
        while true {
            // The kernel gives some values only to a reader that takes them whole.
            let count = try systemCall {
                unsafe octets.withUnsafeMutableBytes { unsafe pread(file, $0.baseAddress, $0.count, 0) }
            }
            guard count == octets.count else {
                var text = octets[..<count]
                while text.last == UInt8(ascii: "\n") { text.removeLast() }
                return String(decoding: text, as: UTF8.self)
            }
            octets = [UInt8](repeating: 0, count: 4 * count)
        }
    }

    private static func write(_ setting: SysctlSetting, operation: String) throws(NetlinkError) {
        let count: Int
        // The newline lets an empty value be written too.
        let octets = Array(setting.value.utf8) + [UInt8(ascii: "\n")]
        do throws(Errno) {
            let file = try open(setting.key, O_WRONLY)
            defer { _ = close(file) }
            count = try systemCall {
                unsafe octets.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
            }
        } catch {
            throw NetlinkError(errno: error, operation: operation)
        }
        guard count == octets.count else {
            throw NetlinkError(
                .invalid, operation: operation, detail: "the kernel took the first \(count) octets, and no more")
        }
    }

    private static func open(_ key: SysctlKey, _ flags: CInt) throws(Errno) -> CInt {
        try systemCall { unsafe "/proc/sys/\(key)".withCString { unsafe Glibc.open($0, flags | O_CLOEXEC) } }
    }

    private static func words(of value: String) -> [Substring] {
        value.split { $0 == " " || $0 == "\t" || $0 == "\n" }
    }
}
