public import JSONTree

/// A Pod, as far as address management reads it (core/v1).
public struct Pod: KubeObject, Equatable {
    /// `pods`.
    public static let resource = ResourceDefinition(version: "v1", kind: "Pod", plural: "pods", isNamespaced: true)

    /// The whole object.
    public let json: JSONValue
    /// Name, version, labels and the like.
    public let metadata: KubeMetadata
    /// The node it is bound to; `nil` before it is scheduled.
    public let nodeName: String?
    /// Whether it uses the node's own network.
    public let usesHostNetwork: Bool
    /// `Always`, `OnFailure` or `Never`.
    public let restartPolicy: String
    /// How long its containers may take to end, in seconds.
    public let terminationGraceSeconds: Int64?
    /// `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`; `nil` before anybody wrote a status.
    public let phase: String?
    /// Why it is in that phase, such as `Evicted`.
    public let reason: String?
    /// The addresses that kubelet reported.
    public let podIPs: [String]
    /// The state of its containers, init and ephemeral ones included.
    public let containers: [ContainerStatus]

    /// Reads an object.
    ///
    /// - Throws: `JSONFieldError` with the path of a member that is not what the API promises.
    public init(json: JSONValue) throws(JSONFieldError) {
        let root = try JSONFieldReader(json)
        self.json = json
        metadata = try KubeMetadata(of: json)
        let spec = try root.object(at: "spec")
        nodeName = try spec?.string(at: "nodeName").flatMap { $0.isEmpty ? nil : $0 }
        usesHostNetwork = try spec?.bool(at: "hostNetwork") ?? false
        restartPolicy = try spec?.string(at: "restartPolicy") ?? "Always"
        terminationGraceSeconds = try spec?.integer(at: "terminationGracePeriodSeconds")
        let status = try root.object(at: "status")
        phase = try status?.string(at: "phase")
        reason = try status?.string(at: "reason")
        var podIPs: [String] = []
        for entry in try status?.objects(at: "podIPs") ?? [] {
            if let address = try entry.string(at: "ip") { podIPs.append(address) }
        }
        if podIPs.isEmpty, let address = try status?.string(at: "podIP"), !address.isEmpty { podIPs = [address] }
        self.podIPs = podIPs
        var containers: [ContainerStatus] = []
        for list in ["initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"] {
            for entry in try status?.objects(at: list) ?? [] { containers.append(try ContainerStatus(entry)) }
        }
        self.containers = containers
    }

    /// Whether its containers have ended for good: it succeeded or failed and will not be started again, or was evicted.
    public var isFinished: Bool {
        switch phase {
        case "Succeeded": restartPolicy != "Always"
        case "Failed": restartPolicy == "Never" || reason == "Evicted"
        default: false
        }
    }

    /// Whether it may use addresses: nobody deleted it, and it is not finished.
    public var isAlive: Bool { !metadata.isTerminating && !isFinished }
}
