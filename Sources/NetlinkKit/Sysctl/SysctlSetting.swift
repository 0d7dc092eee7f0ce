/// A key and the value that it should have.
public struct SysctlSetting: Sendable, Hashable {
    /// The key.
    public let key: SysctlKey
    /// The value as the kernel reads it.
    public let value: String

    /// Makes a setting.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - value: The value as the kernel reads it.
    public init(_ key: SysctlKey, _ value: String) {
        self.key = key
        self.value = value
    }

    /// Makes a setting with a number.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - value: The number.
    public init(_ key: SysctlKey, _ value: Int) {
        self.init(key, String(value))
    }
}

extension SysctlSetting: CustomStringConvertible {
    /// As in sysctl.conf(5), `net/ipv4/ip_forward = 1`.
    public var description: String { "\(key) = \(value)" }
}
