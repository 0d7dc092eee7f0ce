internal import JSONTree
internal import Yams

/// A YAML document as a tree, for kubeconfig files.
enum YAMLDocument {
    /// What is wrong with a document.
    struct Problem: Error {
        let text: String
        let line: Int?
    }

    /// Reads one document; aliases are resolved, tags and keys that are not texts refused.
    static func read(_ text: String) throws(Problem) -> JSONValue {
        let root: Yams.Node?
        do {
            root = try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
        } catch let error as YamlError {
            throw explain(error)
        } catch {
            throw Problem(text: "it is not YAML", line: nil)
        }
        guard let root else { return .null }
        var remaining = 100_000
        return try value(of: root, depth: 0, remaining: &remaining)
    }

    private static func value(of node: Yams.Node, depth: Int, remaining: inout Int) throws(Problem) -> JSONValue {
        remaining -= 1
        guard depth < 32, remaining > 0 else {
            throw Problem(text: "it is nested too deeply or has too many values", line: node.mark?.line)
        }
        switch node {
        case .scalar(let scalar): return value(of: scalar)
        case .sequence(let sequence):
            var elements: [JSONValue] = []
            for element in sequence { elements.append(try value(of: element, depth: depth + 1, remaining: &remaining)) }
            return .array(elements)
        case .mapping(let mapping):
            var members: [(String, JSONValue)] = []
            for (key, member) in mapping {
                guard let name = key.scalar?.string else {
                    throw Problem(text: "a key is not a plain text", line: key.mark?.line)
                }
                members.append((name, try value(of: member, depth: depth + 1, remaining: &remaining)))
            }
            return .object(JSONObject(members))
        case .alias: throw Problem(text: "an alias stands for nothing", line: node.mark?.line)
        }
    }

    /// Only `null`, truth values and whole numbers have a meaning of their own (YAML 1.2 core schema).
    private static func value(of scalar: Yams.Node.Scalar) -> JSONValue {
        guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
        switch scalar.string {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return true
        case "false", "False", "FALSE": return false
        default: return .string(scalar.string)
        }
    }

    /// The problem without the text around it, which may be a secret.
    private static func explain(_ error: YamlError) -> Problem {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            Problem(text: "it is not YAML: \(problem)", line: mark.line)
        default: Problem(text: "it is not YAML", line: nil)
        }
    }
}
