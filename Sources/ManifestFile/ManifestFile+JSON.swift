internal import JSONTree

extension ManifestFile {
    /// The one document of a JSON text; `nil` when the text does not look like JSON or is YAML in braces.
    static func json(
        _ text: String, named name: String, limits: ManifestLimits
    ) throws(ManifestErrors) -> [ManifestDocument]? {
        let blanks: [UInt8] = [0x20, 0x09, 0x0a, 0x0d]
        guard let first = text.utf8.first(where: { !blanks.contains($0) }), [0x7b, 0x5b].contains(first) else {
            return nil
        }
        do throws(JSONParseError) {
            let parserLimits = JSONLimits(maximumDepth: limits.maximumDepth, maximumBytes: limits.maximumBytes)
            let tree = try JSONValue(parsing: text, limits: parserLimits)
            var lines = JSONLineMap(text)
            return [ManifestDocument(file: name, index: 1, tree: tree, lines: lines.map())]
        } catch {
            guard name.hasSuffix(".json") else { return nil }
            throw ManifestErrors(errors: [
                ManifestError(file: name, document: 1, line: error.line, problem: "not JSON: \(error)")
            ])
        }
    }
}
