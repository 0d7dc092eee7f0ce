public import IPAMCore

/// Why a pool does not serve a request.
public struct PoolRefusal: Error, Sendable, Hashable {
    /// The rules, in the order in which they are applied.
    public enum Cause: Sendable, Hashable {
        /// There is no such pool.
        case missing
        /// The pool is being deleted.
        case terminating
        /// `spec.disable` is set.
        case disabled
        /// The pool is of the other family; `nil` when its family cannot be told.
        case family(AddressFamily?, wanted: AddressFamily)
        /// `spec.nodeName` does not list the node.
        case nodeName
        /// `spec.nodeAffinity` does not match the node's labels.
        case nodeAffinity
        /// `spec.namespaceName` does not list the namespace.
        case namespaceName
        /// `spec.namespaceAffinity` does not match the namespace's labels.
        case namespaceAffinity
        /// `spec.podAffinity` does not match the Pod.
        case podAffinity
        /// `spec.multusName` does not list the network of the interface.
        case multusName([String], interface: String)
        /// `spec.multusName` lists networks, and which one the interface comes from cannot be told.
        case unknownNetwork([String], interface: String, problem: String)
    }

    /// The pool's name.
    public let pool: String
    /// The rule that refused it.
    public let cause: Cause

    /// Makes a refusal.
    public init(pool: String, cause: Cause) {
        self.pool = pool
        self.cause = cause
    }
}

extension PoolRefusal: CustomStringConvertible {
    /// One line; programs search logs and events for these texts.
    public var description: String {
        switch cause {
        case .missing: "no such IPPool \(pool)"
        case .terminating: "terminating IPPool \(pool)"
        case .disabled: "disabled IPPool \(pool)"
        case .family(let family, let wanted):
            "unmatched IP version of IPPool \(pool): it is \(family?.description ?? "of no family"), "
                + "wanted is \(wanted)"
        case .nodeName: "unmatched Node name of IPPool \(pool)"
        case .nodeAffinity: "unmatched Node affinity of IPPool \(pool)"
        case .namespaceName: "unmatched Namespace name of IPPool \(pool)"
        case .namespaceAffinity: "unmatched Namespace affinity of IPPool \(pool)"
        case .podAffinity: "unmatched Pod affinity of IPPool \(pool)"
        case .multusName(let names, let interface): mismatch(names, interface)
        case .unknownNetwork(let names, let interface, let problem): "\(mismatch(names, interface)): \(problem)"
        }
    }

    private func mismatch(_ names: [String], _ interface: String) -> String {
        "the spec.multusName [\(names.joined(separator: " "))] in the IPPool \(pool) used by the Pod "
            + "interface \(interface) is not matched"
    }

    /// What to do if the pool was meant to serve.
    public var remedy: String {
        switch cause {
        case .missing: "create the pool, or take its name out of the list"
        case .terminating: "wait until the pool is gone, or name another one"
        case .disabled: "set spec.disable to false"
        case .family: "name a pool of the wanted family"
        case .nodeName: "add the node to spec.nodeName, or remove that field"
        case .nodeAffinity: "label the node as spec.nodeAffinity asks, or change that field"
        case .namespaceName: "add the namespace to spec.namespaceName, or remove that field"
        case .namespaceAffinity: "label the namespace as spec.namespaceAffinity asks, or change that field"
        case .podAffinity: "label the Pod as spec.podAffinity asks, or change that field"
        case .unknownNetwork: "correct the Pod's annotation, or remove spec.multusName"
        case .multusName: "add the network to spec.multusName, or remove that field"
        }
    }
}
