/// Where a kind lives in the API: its group, version and the plural that its paths use.
public struct ResourceDefinition: Sendable, Hashable {
    /// The API group; empty for the core group.
    public let group: String
    /// The version, such as `v1`.
    public let version: String
    /// The kind, such as `Pod`.
    public let kind: String
    /// The plural of the paths, such as `pods`.
    public let plural: String
    /// Whether objects live in namespaces.
    public let isNamespaced: Bool

    /// Makes a definition.
    public init(group: String = "", version: String, kind: String, plural: String, isNamespaced: Bool) {
        self.group = group
        self.version = version
        self.kind = kind
        self.plural = plural
        self.isNamespaced = isNamespaced
    }

    /// What objects carry as `apiVersion`: `v1`, `apps/v1`.
    public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

    /// The plural with its group, as errors and RBAC rules name it: `pods`, `leases.coordination.k8s.io`.
    public var qualifiedName: String { group.isEmpty ? plural : "\(plural).\(group)" }

    /// The path of one object, or of all in a namespace or everywhere.
    func path(namespace: String?, name: String? = nil, subresource: String? = nil) -> String {
        var path = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
        if isNamespaced, let namespace { path += "/namespaces/\(namespace.percentEncoded)" }
        path += "/\(plural)"
        if let name { path += "/\(name.percentEncoded)" }
        if let subresource { path += "/\(subresource)" }
        return path
    }
}

extension String {
    /// The text with everything but unreserved characters written as `%XX` (RFC 3986 §2.3).
    var percentEncoded: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count)
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
