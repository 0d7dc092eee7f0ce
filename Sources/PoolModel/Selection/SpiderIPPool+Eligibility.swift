internal import IPAMCore

extension SpiderIPPool {
    /// The first rule that keeps the pool from serving an interface; `nil` when it may serve.
    ///
    /// Every rule applies, whatever earlier ones said; a rule whose field is absent or empty does not.
    func refusal(family wanted: AddressFamily, interface: String, facts: SelectionFacts) -> PoolRefusal.Cause? {
        if metadata.isTerminating { return .terminating }
        if spec.isDisabled { return .disabled }
        if family != wanted { return .family(family, wanted: wanted) }
        if !spec.nodeName.isEmpty {
            guard let name = facts.nodeName, spec.nodeName.contains(name) else { return .nodeName }
        } else if let selector = spec.nodeAffinity {
            guard let labels = facts.nodeLabels, selector.matches(labels) else { return .nodeAffinity }
        }
        if !spec.namespaceName.isEmpty {
            guard let name = facts.namespaceName, spec.namespaceName.contains(name) else { return .namespaceName }
        } else if let selector = spec.namespaceAffinity {
            guard let labels = facts.namespaceLabels, selector.matches(labels) else { return .namespaceAffinity }
        }
        if let selector = spec.podAffinity, !matches(selector, facts: facts) { return .podAffinity }
        guard spec.multusName.isEmpty || facts.networkAttachment.map({ serves($0, facts: facts) }) ?? false else {
            guard facts.networkAttachment == nil, let problem = facts.networkProblem else {
                return .multusName(spec.multusName, interface: interface)
            }
            return .unknownNetwork(spec.multusName, interface: interface, problem: problem)
        }
        return nil
    }

    /// Automatic pools ask who the application is, all others for the Pod's labels.
    private func matches(_ selector: LabelSelector, facts: SelectionFacts) -> Bool {
        guard isAutomatic else { return facts.podLabels.map(selector.matches) ?? false }
        guard let identity = facts.application?.labels else { return false }
        return LabelKey.application.allSatisfy { selector.matchLabels[$0] == identity[$0] }
    }

    private func serves(_ attachment: NetworkAttachment, facts: SelectionFacts) -> Bool {
        spec.multusName.contains { NetworkAttachment($0, in: facts.homeNamespace) == attachment }
    }

    /// How specific the pool is: of two pools the one with the larger number goes first.
    ///
    /// One bit for each condition that the pool has, the weightiest condition in the highest bit.
    var precedence: UInt8 {
        let conditions = [
            spec.podAffinity != nil, !spec.nodeName.isEmpty, spec.nodeAffinity != nil, !spec.namespaceName.isEmpty,
            spec.namespaceAffinity != nil, !spec.multusName.isEmpty,
        ]
        return conditions.reduce(0) { $0 << 1 | ($1 ? 1 : 0) }
    }
}
