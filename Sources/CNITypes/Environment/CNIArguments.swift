/// The pairs of `CNI_ARGS`: what the runtime tells about the container, above all its Pod.
///
/// ```swift
/// let arguments = try CNIArguments(parsing: "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=web-0")
/// arguments.podName  // "web-0"
/// ```
public struct CNIArguments: Sendable, Hashable {
    /// All pairs with a known key, and those with unknown ones where they are passed over. Of equal keys the last counts.
    public let values: [String: String]

    private static let knownKeys: Set<String> = [
        "IgnoreUnknown", "IP", "MAC", "K8S_POD_NAME", "K8S_POD_NAMESPACE", "K8S_POD_INFRA_CONTAINER_ID", "K8S_POD_UID",
    ]

    /// Reads `K=V;K2=V2`; a value may contain `=`, an empty pair is passed over.
    ///
    /// - Parameters:
    ///   - text: The value of `CNI_ARGS`.
    ///   - isLenient: Whether pairs without `=`, unknown keys and wrong values are passed over, as `DEL` must.
    /// - Throws: ``CNIError`` with code 4 for a pair without `=`, for a key that is not known unless the pair
    ///   `IgnoreUnknown` is `1` or `true`, and for an `IgnoreUnknown` that is no truth value.
    public init(parsing text: String, isLenient: Bool = false) throws(CNIError) {
        var values: [String: String] = [:]
        for pair in text.utf8.split(separator: UInt8(ascii: ";")) {
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")), equals > pair.startIndex else {
                if isLenient { continue }
                throw .environment("CNI_ARGS", text, "the pair \(String(pair).map(\.quoted) ?? "") must be KEY=VALUE")
            }
            guard let key = String(pair[..<equals]), let value = String(pair[pair.index(after: equals)...]) else {
                continue
            }
            values[key] = value
        }
        if !isLenient { try Self.checkKeys(of: values, text) }
        self.values = values
    }

    /// No pairs.
    init() { values = [:] }

    private static func checkKeys(of values: [String: String], _ text: String) throws(CNIError) {
        switch values["IgnoreUnknown"]?.lowercased() {
        case "1", "true": return
        case nil, "0", "false": break
        default: throw .environment("CNI_ARGS", text, "IgnoreUnknown must be 1, true, 0 or false")
        }
        let unknown = values.keys.filter { !knownKeys.contains($0) }.sorted()
        guard unknown.isEmpty else {
            let keys = unknown.map(\.quoted).joined(separator: ", ")
            throw .environment("CNI_ARGS", text, "unknown key \(keys); add IgnoreUnknown=1 to have it passed over")
        }
    }

    private func value(_ key: String) -> String? { values[key].flatMap { $0.isEmpty ? nil : $0 } }

    /// Name of the Pod; `nil` when absent or empty, as all of these.
    public var podName: String? { value("K8S_POD_NAME") }
    /// Namespace of the Pod.
    public var podNamespace: String? { value("K8S_POD_NAMESPACE") }
    /// UID of the Pod; some runtimes do not tell it.
    public var podUID: String? { value("K8S_POD_UID") }
    /// ID of the Pod's sandbox.
    public var sandboxID: String? { value("K8S_POD_INFRA_CONTAINER_ID") }
    /// The address that is asked for.
    public var address: String? { value("IP") }
    /// The hardware address that is asked for.
    public var hardwareAddress: String? { value("MAC") }

    /// The Pod, for plugins that cannot do without.
    ///
    /// - Throws: ``CNIError`` with code 4 that names the missing keys.
    public func requirePod() throws(CNIError) -> (namespace: String, name: String) {
        guard let podNamespace, let podName else {
            let missing = [
                podNamespace == nil ? "K8S_POD_NAMESPACE" : nil, podName == nil ? "K8S_POD_NAME" : nil,
            ].compactMap { $0 }
            throw CNIError(
                .invalidEnvironment, "CNI_ARGS does not name the Pod",
                details: "missing \(missing.joined(separator: ", "))")
        }
        return (podNamespace, podName)
    }
}
