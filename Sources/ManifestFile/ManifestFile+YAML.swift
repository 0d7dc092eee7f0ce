internal import JSONTree
internal import Yams

extension ManifestFile {
    /// The documents of a YAML text.
    static func yaml(
        _ text: String, named name: String, limits: ManifestLimits
    ) throws(ManifestErrors) -> [ManifestDocument] {
        func failure(_ problem: String, line: Int?, document: Int?) -> ManifestErrors {
            ManifestErrors(errors: [ManifestError(file: name, document: document, line: line, problem: problem)])
        }
        guard YAMLReader.canHideAliases(in: text) else {
            throw failure("the character U+E000 is not accepted in manifests; remove it", line: nil, document: nil)
        }
        var documents: [ManifestDocument] = []
        var remaining = limits.maximumValues
        var index = 0
        do {
            let hidden = YAMLReader.hidingAliases(in: text)
            let parser = try Parser(yaml: hidden, resolver: .basic, encoding: .utf8)
            while let root = try parser.nextRoot() {
                index += 1
                var reader = YAMLReader(limits: limits, remaining: remaining)
                let tree = try reader.read(root)
                remaining = reader.remaining
                if tree.isNull { continue }
                documents.append(ManifestDocument(file: name, index: index, tree: tree, lines: reader.lines))
            }
        } catch let problem as YAMLReader.Problem {
            throw failure(problem.text, line: problem.line, document: index)
        } catch let error as YamlError {
            let (problem, line) = Self.explain(error)
            throw failure("not YAML: \(YAMLReader.restored(problem))", line: line, document: index + 1)
        } catch {
            throw failure("not YAML: \(error)", line: nil, document: index + 1)
        }
        return documents
    }

    private static func explain(_ error: YamlError) -> (problem: String, line: Int?) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            (context.map { "\(problem) (\($0.text), which began on line \($0.mark.line))" } ?? problem, mark.line)
        case .reader(let problem, _, _, _): (problem, nil)
        case .duplicatedKeysInMapping(let duplicates, let context):
            ("the key \"\(duplicates.first ?? "")\" stands twice in one object; keep one of the two", context.mark.line)
        default: ("the text cannot be read", nil)
        }
    }
}
