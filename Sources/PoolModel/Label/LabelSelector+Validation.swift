public import JSONTree

extension LabelSelector {
    /// Everything that Kubernetes would refuse in the selector, `matchLabels` by key first, then the expressions.
    ///
    /// An empty selector is legal here; whether a field may hold one is the field's affair.
    public func validate(at path: JSONFieldPath) -> [FieldError] {
        var errors: [FieldError] = []
        let labelsPath = path.appending("matchLabels")
        for (key, value) in matchLabels.sorted(by: { $0.key < $1.key }) {
            if let problem = LabelSyntax.problem(ofKey: key) {
                errors.append(FieldError(.invalid, at: labelsPath.appending(key), value: key, problem))
            }
            if let problem = LabelSyntax.problem(ofValue: value) {
                errors.append(FieldError(.invalid, at: labelsPath.appending(key), value: value, problem))
            }
        }
        for (index, requirement) in matchExpressions.enumerated() {
            errors += requirement.validate(at: path.appending("matchExpressions").appending(index))
        }
        return errors
    }
}

extension LabelSelector.Requirement {
    func validate(at path: JSONFieldPath) -> [FieldError] {
        var errors: [FieldError] = []
        if let problem = LabelSyntax.problem(ofKey: key) {
            errors.append(FieldError(.invalid, at: path.appending("key"), value: key, problem))
        }
        let valuesPath = path.appending("values")
        switch LabelSelector.Operator(rawValue: operation) {
        case .in, .notIn:
            if values.isEmpty {
                errors.append(
                    FieldError(.required, at: valuesPath, "the operator \(operation) needs at least one value"))
            }
        case .exists, .doesNotExist:
            if !values.isEmpty {
                errors.append(
                    FieldError(.forbidden, at: valuesPath, "the operator \(operation) takes no values; remove them"))
            }
        case nil:
            let known = LabelSelector.Operator.allCases.map(\.rawValue)
            errors.append(
                FieldError(
                    .notSupported, at: path.appending("operator"), value: operation,
                    "supported values: \(known.quotedList)"))
        }
        for (index, value) in values.enumerated() {
            if let problem = LabelSyntax.problem(ofValue: value) {
                errors.append(FieldError(.invalid, at: valuesPath.appending(index), value: value, problem))
            }
        }
        return errors
    }
}
