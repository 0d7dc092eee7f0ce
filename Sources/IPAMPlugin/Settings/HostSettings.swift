public import CNITypes
internal import JSONTree

/// What is configured once for a host, in ``HostSettings/defaultPath``.
///
/// ```json
/// {"mode": "embedded", "store": "/var/lib/spiderpool/ipam.db", "nodeName": "rack-7"}
/// ```
public struct HostSettings: Sendable, Hashable {
    /// Where the file is.
    public static let defaultPath = "/etc/spiderpool/ipam.json"

    /// Which truth is used, when the network's configuration does not say.
    public var mode: Mode?
    /// Path of the state file in embedded mode.
    public var store: String?
    /// Path of the file with what is known about workloads, a `WorkloadList` in JSON; `nil` without one.
    public var workloads: String?
    /// The node's name, for pools with `spec.nodeName`; the host name when not given.
    public var nodeName: String?
    /// What is found out on the wire, when the network's configuration does not say.
    public var detection = DetectionSettings()

    /// Nothing is configured.
    public init() {}

    /// Reads the file; without one, nothing is configured.
    ///
    /// - Throws: `CNIError` with code 5 when the file cannot be read, 6 or 7 when its content is wrong.
    public init(readingFrom path: String = defaultPath) throws(CNIError) {
        guard let bytes = try SettingsFile.content(of: path) else { return }
        let tree: JSONValue
        do throws(JSONParseError) {
            tree = try JSONValue(parsing: bytes.span)
        } catch {
            throw CNIError(.decodingFailed, "cannot decode host settings", details: "\(path): \(error)")
        }
        let unknown: String?
        do throws(JSONFieldError) {
            let reader = try JSONFieldReader(tree)
            unknown = reader.unknownKeys(except: Self.keys).first
            mode = try reader.parsed(at: "mode", expected: Mode.expectation) { Mode(rawValue: $0) }
            store = try reader.parsed(at: "store", expected: Self.storeExpectation, Self.absolutePath)
            workloads = try reader.parsed(at: "workloads", expected: Self.storeExpectation, Self.absolutePath)
            nodeName = try reader.parsed(at: "nodeName", expected: "a name") { $0.isEmpty ? nil : $0 }
            detection = try DetectionSettings(reader)
        } catch {
            throw CNIError(.invalidConfiguration, "invalid host settings", details: "\(path): \(error)")
        }
        if let unknown {
            throw CNIError(
                .invalidConfiguration, "invalid host settings",
                details: "\(path): unknown key \(unknown); the keys are \(Self.keys.joined(separator: ", "))")
        }
    }

    private static let keys = ["mode", "store", "workloads", "nodeName"] + DetectionSettings.keys

    static let storeExpectation = "an absolute path"

    static func absolutePath(_ text: String) -> String? {
        text.hasPrefix("/") && !text.utf8.contains(0) ? text : nil
    }
}

/// Which truth about addresses is used. It is always said explicitly; one never stands in for the other.
public enum Mode: String, Sendable, Hashable, CaseIterable {
    /// One file on this host.
    case embedded
    /// The node's agent and, behind it, the Kubernetes API.
    case cluster

    static let expectation = "\"embedded\" or \"cluster\""
}
