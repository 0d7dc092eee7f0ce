extension LabelSelector {
    /// Everything that Kubernetes would refuse in the selector, `matchLabels` by key first, then the expressions.
    ///
    /// An empty selector is legal here; whether a field may hold one is the field's affair.
    public func validate(at path: FieldPath) -> [FieldError] {
        var errors: [FieldError] = []
        let labelsPath = path.member("matchLabels")
        for (key, value) in matchLabels.sorted(by: { $0.key < $1.key }) {
            if let problem = LabelSyntax.problem(ofKey: key) {
                errors.append(FieldError(.invalid, at: labelsPath.member(key), value: key, problem))
            }
            if let problem = LabelSyntax.problem(ofValue: value) {
                errors.append(FieldError(.invalid, at: labelsPath.member(key), value: value, problem))
            }
        }
        for (index, requirement) in matchExpressions.enumerated() {
            errors += requirement.validate(at: path.member("matchExpressions").index(index))
        }
        return errors
    }
}

extension LabelSelector.Requirement {
    func validate(at path: FieldPath) -> [FieldError] {
        var errors: [FieldError] = []
        if let problem = LabelSyntax.problem(ofKey: key) {
            errors.append(FieldError(.invalid, at: path.member("key"), value: key, problem))
        }
        let valuesPath = path.member("values")
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
                    .notSupported, at: path.member("operator"), value: operation,
                    "supported values: \(known.quotedList)"))
        }
        for (index, value) in values.enumerated() {
            if let problem = LabelSyntax.problem(ofValue: value) {
                errors.append(FieldError(.invalid, at: valuesPath.index(index), value: value, problem))
            }
        }
        return errors
    }
}
