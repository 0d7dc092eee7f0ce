/// What an administrator writes down about the workloads of one host where no cluster says it: labels, annotations and
/// names that stay.
///
/// ```yaml
/// apiVersion: spiderpool.spidernet.io/v2beta1
/// kind: WorkloadList
/// node:
///   labels: {zone: a}
/// namespaces:
///   - name: shop
///     labels: {team: red}
///     annotations: {ipam.spidernet.io/default-ipv4-ippool: '["rack-*"]'}
/// workloads:
///   - match: {podNamespace: shop, podName: web-0}     # or {containerID: …}, or {network: …, name: …}
///     identity: web-0                                 # keeps its addresses over restarts
///     labels: {app: web}
///     annotations: {ipam.spidernet.io/ippool: '{"ipv4": ["rack-a"]}'}
///   - match: {network: lan, name: db}
///     namespace: shop                                 # when the runtime does not name one, or another
/// ```
///
/// Everything but `match` may be left out. A mistake in an entry concerns the workloads that the entry is about, and
/// nobody else.
public struct WorkloadFile: Sendable, Hashable {
    /// The kind, as the file names it.
    public static let kindName = "WorkloadList"

    /// A namespace.
    public struct Namespace: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Its labels.
        public var labels: [String: String]
        /// Its annotations.
        public var annotations: [String: String]
        /// What is wrong here; empty when all of it can be understood.
        public internal(set) var problems: [FieldError] = []

        /// Makes a namespace.
        public init(name: String, labels: [String: String] = [:], annotations: [String: String] = [:]) {
            self.name = name
            self.labels = labels
            self.annotations = annotations
        }
    }

    /// A workload, or several that are alike.
    public struct Entry: Sendable, Hashable {
        /// Which workloads are meant.
        public var match: WorkloadMatch
        /// The name under which the workload keeps its addresses over restarts.
        public var identity: String?
        /// The namespace that it counts to.
        public var namespace: String?
        /// The labels, as a Pod's.
        public var labels: [String: String]
        /// The annotations, as a Pod's.
        public var annotations: [String: String]
        /// What is wrong here; empty when all of it can be understood.
        public internal(set) var problems: [FieldError] = []

        /// Makes an entry.
        public init(
            match: WorkloadMatch, identity: String? = nil, namespace: String? = nil, labels: [String: String] = [:],
            annotations: [String: String] = [:]
        ) {
            self.match = match
            self.identity = identity
            self.namespace = namespace
            self.labels = labels
            self.annotations = annotations
        }
    }

    /// The labels of the node; `nil` when the file does not say.
    public var nodeLabels: [String: String]?
    /// The namespaces.
    public var namespaces: [Namespace]
    /// The workloads.
    public var entries: [Entry]
    /// Everything that is wrong in the file, also where nobody can tell whom it concerns.
    public internal(set) var problems: [FieldError] = []

    /// Makes a file.
    public init(nodeLabels: [String: String]? = nil, namespaces: [Namespace] = [], entries: [Entry] = []) {
        self.nodeLabels = nodeLabels
        self.namespaces = namespaces
        self.entries = entries
    }

    /// What the file says about a workload; `nil` when it says nothing at all.
    ///
    /// An entry by container ID counts before one by Pod, and that before one by name; within these, the one that says
    /// more. Without an entry there may still be something to say about the node and the namespace.
    ///
    /// - Complexity: O(number of entries and namespaces).
    public func facts(for key: WorkloadKey) -> WorkloadFacts? {
        var best: Entry?
        for entry in entries where entry.match.matches(key) {
            if best.map({ $0.match.precision < entry.match.precision }) ?? true { best = entry }
        }
        let name = best?.namespace ?? key.podNamespace
        let namespace = namespaces.first { $0.name == name }
        guard best != nil || namespace != nil || nodeLabels != nil else { return nil }
        var facts = WorkloadFacts()
        facts.identity = best?.identity
        facts.namespace = best?.namespace
        facts.labels = best?.labels
        facts.annotations = best?.annotations ?? [:]
        facts.namespaceLabels = namespace?.labels
        facts.namespaceAnnotations = namespace?.annotations ?? [:]
        facts.nodeLabels = nodeLabels
        facts.problems = (namespace?.problems ?? []) + (best?.problems ?? [])
        return facts
    }
}
