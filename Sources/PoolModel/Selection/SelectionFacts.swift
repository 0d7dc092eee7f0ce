/// What is known about who asks for an address. What is `nil` is unknown, and no condition on it holds.
public struct SelectionFacts: Sendable, Hashable {
    /// The node's name.
    public var nodeName: String?
    /// The node's labels.
    public var nodeLabels: [String: String]?
    /// The namespace's name.
    public var namespaceName: String?
    /// The namespace's labels.
    public var namespaceLabels: [String: String]?
    /// The Pod's labels.
    public var podLabels: [String: String]?
    /// The application that the Pod belongs to in the end, for automatic pools.
    public var application: ApplicationIdentity?
    /// The network attachment that the interface comes from.
    public var networkAttachment: NetworkAttachment?
    /// Why ``networkAttachment`` is not known, for the reasons that pools with `spec.multusName` give.
    public var networkProblem: String?
    /// The namespace that names without one belong to in `spec.multusName`.
    public var homeNamespace: String?

    /// Nothing is known.
    public init() {}
}

/// An application: the outermost controller of a Pod.
public struct ApplicationIdentity: Sendable, Hashable {
    /// API group; empty for the core group.
    public var group: String
    /// API version.
    public var version: String
    /// Kind.
    public var kind: String
    /// Namespace.
    public var namespace: String
    /// Name.
    public var name: String

    /// Makes an identity.
    public init(group: String, version: String, kind: String, namespace: String, name: String) {
        self.group = group
        self.version = version
        self.kind = kind
        self.namespace = namespace
        self.name = name
    }

    /// The labels that the pod affinity of its automatic pools consists of.
    public var labels: [String: String] {
        [
            LabelKey.applicationGroup: group, LabelKey.applicationVersion: version,
            LabelKey.applicationKind: kind, LabelKey.applicationNamespace: namespace,
            LabelKey.applicationName: name,
        ]
    }
}

/// A network that interfaces are attached to, by name: `kube-system/macvlan-100`.
public struct NetworkAttachment: Sendable, Hashable {
    /// The namespace; `nil` where there are none.
    public var namespace: String?
    /// The name.
    public var name: String

    /// Makes a name.
    public init(namespace: String? = nil, name: String) {
        self.namespace = namespace
        self.name = name
    }

    /// Reads `namespace/name`, or `name` with a namespace to complete it.
    public init(_ text: String, in home: String?) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 {
            self.init(namespace: String(parts[0]), name: String(parts[1]))
        } else {
            self.init(namespace: home, name: text)
        }
    }
}

extension NetworkAttachment: CustomStringConvertible {
    /// `namespace/name`, or the name alone.
    public var description: String { namespace.map { "\($0)/\(name)" } ?? name }
}
