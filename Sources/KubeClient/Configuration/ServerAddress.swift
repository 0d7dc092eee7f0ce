internal import IPAMCore

/// Where an API server listens.
public struct ServerAddress: Sendable, Hashable {
    /// Whether TLS is spoken.
    public let isSecure: Bool
    /// A name or an address, IPv6 without brackets.
    public let host: String
    /// The TCP port.
    public let port: Int
    /// What stands before every path, without a slash at the end; usually empty.
    public let prefix: String

    /// Makes an address.
    public init(isSecure: Bool = true, host: String, port: Int, prefix: String = "") {
        self.isSecure = isSecure
        self.host = host
        self.port = port
        self.prefix = prefix
    }

    /// Reads `https://10.0.0.1:6443`, `https://[fd00::1]:6443/k8s/clusters/c-1`; `nil` for anything else.
    public init?(url: String) {
        let scheme = url.prefix { $0 != ":" }.lowercased()
        guard scheme == "https" || scheme == "http", url.dropFirst(scheme.count).hasPrefix("://") else { return nil }
        let rest = url.dropFirst(scheme.count + 3)
        let authority = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(authority.count)
        guard !authority.isEmpty, !authority.contains("@"), !path.contains("?"), !path.contains("#"),
            url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { return nil }
        var host = authority
        var port: Substring?
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
            guard IPv6Address(String(host)) != nil else { return nil }
            let tail = authority[authority.index(after: end)...]
            guard tail.isEmpty || tail.hasPrefix(":") else { return nil }
            port = tail.isEmpty ? nil : tail.dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
        }
        guard !host.isEmpty, !host.contains("?"), !host.contains("#") else { return nil }
        let number = port.map { UInt16($0) ?? 0 } ?? (scheme == "https" ? 443 : 80)
        guard number > 0 else { return nil }
        var prefix = String(path)
        while prefix.hasSuffix("/") { prefix.removeLast() }
        self.init(isSecure: scheme == "https", host: String(host), port: Int(number), prefix: prefix)
    }

    /// Host and port as a URL has them, IPv6 in brackets.
    var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

extension ServerAddress: CustomStringConvertible {
    /// The address as a URL.
    public var description: String { "\(isSecure ? "https" : "http")://\(authority)\(prefix)" }
}
