internal import JSONTree

extension PoolCheck {
    /// The three selectors are legal and say something.
    mutating func checkAffinities() {
        if let selector = pool.spec.podAffinity, pool.isAutomatic {
            checkAutomatic(selector)
        } else {
            check(pool.spec.podAffinity, field: "podAffinity")
        }
        check(pool.spec.namespaceAffinity, field: "namespaceAffinity")
        check(pool.spec.nodeAffinity, field: "nodeAffinity")
    }

    /// All errors stand at the field itself; what is wrong inside it stands in the message.
    private mutating func check(_ selector: LabelSelector?, field: String) {
        guard let selector else { return }
        if selector.isEmpty {
            add(
                .invalid, at: field, value: "{}",
                "an empty selector; remove the field, or add matchLabels or matchExpressions")
        }
        let path = JSONFieldPath.spec.appending(field)
        for error in selector.validate(at: path) {
            let place = error.path.dropFirst(path.steps.count)
            add(.invalid, at: field, value: error.value, "\(place): \(error.message)")
        }
    }

    /// The pod affinity of an automatic pool names the application and nothing else.
    private mutating func checkAutomatic(_ selector: LabelSelector) {
        for key in selector.matchLabels.keys.sorted() where !LabelKey.application.contains(key) {
            add(
                .invalid, at: "podAffinity", value: key,
                "the pool belongs to an application, so matchLabels may only hold its identity "
                    + "(\(LabelKey.application.joined(separator: ", "))); remove this key")
        }
        if !selector.matchExpressions.isEmpty {
            add(
                .invalid, at: "podAffinity", value: selector.matchExpressions.map(\.key).joined(separator: ", "),
                "the pool belongs to an application, so matchExpressions must be empty; remove them")
        }
    }
}
