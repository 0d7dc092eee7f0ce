internal import JSONTree

extension ObjectMetadata {
    /// What Kubernetes would refuse in name, labels, annotations and finalizers.
    public func validate() -> [FieldError] {
        var errors: [FieldError] = []
        let path = JSONFieldPath.metadata
        if let problem = LabelSyntax.problem(ofName: name) {
            errors.append(FieldError(.invalid, at: path.appending("name"), value: name, problem))
        }
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
            let place = path.appending("labels").appending(key)
            if let problem = LabelSyntax.problem(ofKey: key) {
                errors.append(FieldError(.invalid, at: place, value: key, problem))
            }
            if let problem = LabelSyntax.problem(ofValue: value) {
                errors.append(FieldError(.invalid, at: place, value: value, problem))
            }
        }
        for key in annotations.keys.sorted() {
            guard let problem = LabelSyntax.problem(ofKey: key.lowercased()) else { continue }
            errors.append(
                FieldError(.invalid, at: path.appending("annotations").appending(key), value: key, problem))
        }
        for (index, finalizer) in finalizers.enumerated() {
            guard let problem = LabelSyntax.problem(ofKey: finalizer) else { continue }
            errors.append(
                FieldError(.invalid, at: path.appending("finalizers").appending(index), value: finalizer, problem))
        }
        return errors
    }
}
