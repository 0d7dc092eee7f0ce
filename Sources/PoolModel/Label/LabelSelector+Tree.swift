internal import JSONTree

extension LabelSelector {
    /// Reads the selector that a field holds; mistakes are noted.
    init?(at key: String, in parent: JSONFieldReader, fields: inout FieldCollector) {
        guard let reader = fields.object(at: key, in: parent) else { return nil }
        fields.refuseUnknown(in: reader, known: ["matchLabels", "matchExpressions"])
        self.init()
        matchLabels = fields.stringMap(at: "matchLabels", in: reader) ?? [:]
        let expressions = fields.objects(at: "matchExpressions", in: reader)
        for expression in expressions ?? [] {
            fields.refuseUnknown(in: expression, known: ["key", "operator", "values"])
            let key = fields.requiredString(at: "key", in: expression)
            let operation = fields.requiredString(at: "operator", in: expression)
            let values = fields.strings(at: "values", in: expression)
            matchExpressions.append(Requirement(key: key ?? "", operation: operation ?? "", values: values ?? []))
        }
    }

    /// The selector as a manifest holds it.
    var tree: JSONValue {
        var object = JSONObject()
        if !matchLabels.isEmpty { object["matchLabels"] = .stringMap(matchLabels) }
        if !matchExpressions.isEmpty { object["matchExpressions"] = .array(matchExpressions.map(\.tree)) }
        return .object(object)
    }
}

extension LabelSelector.Requirement {
    fileprivate var tree: JSONValue {
        var object: JSONObject = ["key": .string(key), "operator": .string(operation)]
        if !values.isEmpty { object["values"] = .strings(values) }
        return .object(object)
    }
}
