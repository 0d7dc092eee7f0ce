/// The name of a setting of the kernel's network, a path below `/proc/sys/net`.
///
/// It is made of components and not of a text with dots, since the name of a link may contain dots: `conf/eth0.100`.
///
/// ```swift
/// try SysctlKey(["ipv4", "neigh", "default", "gc_thresh3"])
/// SysctlKey.ipv4(.reversePathFilter, of: .link(name))
/// ```
public struct SysctlKey: Sendable, Hashable {
    /// The components below `net`.
    public let components: [String]

    /// Makes a key.
    ///
    /// - Parameter components: The components below `net`.
    /// - Throws: ``NetlinkError/Code/invalid`` when there are none, or one is empty, `.`, `..`, longer than 255 octets, or
    ///   contains a slash or a null.
    public init(_ components: [String]) throws(NetlinkError) {
        guard !components.isEmpty, components.allSatisfy(\.isFileName) else {
            throw NetlinkError(
                .invalid, operation: "name sysctl net/\(components.joined(separator: "/"))",
                detail: "each component must be a file name")
        }
        self.components = components
    }

    /// Makes a key of components that are known to be right.
    init(known components: String...) { self.components = components }
}

extension SysctlKey {
    /// Whether the namespace forwards IPv4; writing it sets `forwarding` of every link (`net.ipv4.ip_forward`).
    public static let ipv4Forwarding = Self(known: "ipv4", "ip_forward")

    /// How IPv4 treats a link.
    ///
    /// - Parameters:
    ///   - setting: The setting.
    ///   - scope: Which links.
    /// - Returns: `ipv4/conf/LINK/SETTING`.
    public static func ipv4(_ setting: IPv4LinkSetting, of scope: LinkScope) -> Self {
        Self(known: "ipv4", "conf", scope.component, setting.rawValue)
    }

    /// How IPv6 treats a link.
    ///
    /// - Parameters:
    ///   - setting: The setting.
    ///   - scope: Which links.
    /// - Returns: `ipv6/conf/LINK/SETTING`.
    public static func ipv6(_ setting: IPv6LinkSetting, of scope: LinkScope) -> Self {
        Self(known: "ipv6", "conf", scope.component, setting.rawValue)
    }
}

extension SysctlKey: CustomStringConvertible {
    /// The path below `/proc/sys`, for example `net/ipv4/conf/eth0.100/rp_filter`.
    public var description: String { "net/" + components.joined(separator: "/") }
}
