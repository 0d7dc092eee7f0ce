public import JSONTree

/// A change to an object.
public enum KubePatch: Sendable, Equatable {
    /// One step of a JSON patch (RFC 6902). Paths are JSON pointers; see ``KubePatch/pointer(_:)``.
    public enum Operation: Sendable, Equatable {
        /// The value at the path must be this one, or nothing of the patch happens.
        case test(String, JSONValue)
        /// Puts a member there, or an element before the one there (`/-` appends).
        case add(String, JSONValue)
        /// Replaces what is there.
        case replace(String, JSONValue)
        /// Takes away what is there.
        case remove(String)

        var json: JSONValue {
            switch self {
            case .test(let path, let value): ["op": "test", "path": .string(path), "value": value]
            case .add(let path, let value): ["op": "add", "path": .string(path), "value": value]
            case .replace(let path, let value): ["op": "replace", "path": .string(path), "value": value]
            case .remove(let path): ["op": "remove", "path": .string(path)]
            }
        }
    }

    /// Steps, all or none of them (RFC 6902). A `test` that fails is refused as ``KubeError/Code/invalid``.
    case json([Operation])
    /// The same, given as the array that is sent.
    case jsonDocument(JSONValue)
    /// Members to replace, `null` to take away (RFC 7396).
    case merge(JSONValue)
    /// A strategic merge, for built-in kinds only.
    case strategicMerge(JSONValue)
    /// The whole of what this writer wants; needs ``WriteOptions/fieldManager``.
    case apply(JSONValue)

    /// A JSON pointer to nested members (RFC 6901): `pointer("metadata", "labels", "a.b/c")`.
    public static func pointer(_ keys: String...) -> String {
        var pointer = ""
        for key in keys {
            pointer += "/"
            for character in key.unicodeScalars {
                switch character {
                case "~": pointer += "~0"
                case "/": pointer += "~1"
                default: pointer.unicodeScalars.append(character)
                }
            }
        }
        return pointer
    }

    var contentType: String {
        switch self {
        case .json, .jsonDocument: "application/json-patch+json"
        case .merge: "application/merge-patch+json"
        case .strategicMerge: "application/strategic-merge-patch+json"
        // YAML by name; JSON is YAML.
        case .apply: "application/apply-patch+yaml"
        }
    }

    var body: JSONValue {
        switch self {
        case .json(let operations): .array(operations.map(\.json))
        case .jsonDocument(let value), .merge(let value), .strategicMerge(let value), .apply(let value): value
        }
    }
}
