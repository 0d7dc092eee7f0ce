internal import JSONTree
internal import Yams

/// Makes a JSON tree of a YAML document: only what JSON can say, aliases replaced, merge keys applied.
///
/// Aliases are hidden from the YAML parser, which would copy, compare and hash what they stand for without any limit:
/// every `*` of the text is replaced by a private character before parsing. A plain scalar that starts with that
/// character was an alias; everywhere else it is turned back. Values that aliases bring in count against the limit
/// like all others.
struct YAMLReader {
    /// A mistake with its line.
    struct Problem: Error {
        let text: String
        let line: Int?
    }

    /// Stands for `*` while the parser runs; manifests that contain it are refused.
    static let aliasMark: Unicode.Scalar = "\u{E000}"

    private let limits: ManifestLimits
    /// Number of values that may still come.
    private(set) var remaining: Int
    /// The lines on which values begin.
    private(set) var lines: [JSONFieldPath: Int] = [:]
    /// What anchors stand for, and how many values that is.
    private var anchors: [String: (value: JSONValue, size: Int)] = [:]

    init(limits: ManifestLimits, remaining: Int) {
        self.limits = limits
        self.remaining = remaining
    }

    /// Whether the text can do without the private character, written as it is or as an escape.
    static func canHideAliases(in text: String) -> Bool {
        guard !text.unicodeScalars.contains(aliasMark) else { return false }
        var digits: [UInt8] = []
        for byte in text.utf8.lazy.map({ (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }) {
            if byte == UInt8(ascii: "\\") { digits = [byte] } else if !digits.isEmpty { digits.append(byte) }
            if digits.elementsEqual("\\ue000".utf8) || digits.elementsEqual("\\u0000e000".utf8) { return false }
            if digits.count > 10 { digits = [] }
        }
        return true
    }

    static func hidingAliases(in text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "*" ? aliasMark : $0 }))
    }

    static func restored(_ text: String) -> String {
        guard text.unicodeScalars.contains(aliasMark) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == aliasMark ? "*" : $0 }))
    }

    mutating func read(_ root: Node) throws(Problem) -> JSONValue { try read(root, at: .root) }

    private mutating func read(_ node: Node, at path: JSONFieldPath) throws(Problem) -> JSONValue {
        let line = node.mark?.line
        lines[path] = line
        guard path.steps.count < limits.maximumDepth else {
            throw Problem(text: "nested more than \(limits.maximumDepth) levels deep; flatten it", line: line)
        }
        let before = remaining
        let value: JSONValue
        switch node {
        case .scalar(let scalar):
            if let name = Self.aliasName(scalar) { return try alias(name, line: line) }
            try spend(1, line: line)
            value = try YAMLScalar.value(of: scalar)
        case .sequence(let sequence):
            try spend(1, line: line)
            try Self.check(sequence.tag, isOneOf: ["seq"], line: line)
            var elements: [JSONValue] = []
            for (index, element) in sequence.enumerated() {
                elements.append(try read(element, at: path.appending(index)))
            }
            value = .array(elements)
        case .mapping(let mapping):
            try spend(1, line: line)
            try Self.check(mapping.tag, isOneOf: ["map"], line: line)
            value = .object(try read(mapping, at: path))
        case .alias:
            throw Problem(text: "an alias that cannot be resolved; write the value instead", line: line)
        }
        if let anchor = node.anchor { anchors[anchor.rawValue] = (value, before - remaining) }
        return value
    }

    private mutating func read(_ mapping: Node.Mapping, at path: JSONFieldPath) throws(Problem) -> JSONObject {
        var members: [(key: String, value: JSONValue)] = []
        var places: [String: Int] = [:]
        var merged: [JSONObject] = []
        for (keyNode, valueNode) in mapping {
            let line = keyNode.mark?.line
            guard let scalar = keyNode.scalar, Self.aliasName(scalar) == nil else {
                throw Problem(text: "a key must be a plain text; write it out, in quotes if need be", line: line)
            }
            let key = Self.restored(scalar.string)
            if key == "<<", scalar.style == .plain {
                merged += try mergeSources(read(valueNode, at: path.appending(key)), line: line)
                continue
            }
            guard places.updateValue(members.count, forKey: key) == nil else {
                throw Problem(text: "the key \"\(key)\" stands twice in one object; keep one of the two", line: line)
            }
            let value = try read(valueNode, at: path.appending(key))
            members.append((key, value))
            // The key's line is where a person looks for the field, also when its value starts further down.
            lines[path.appending(key)] = line
        }
        for object in merged {
            for member in object.members where places[member.key] == nil {
                places[member.key] = members.count
                members.append(member)
            }
        }
        return JSONObject(members.map { ($0.key, $0.value) })
    }

    private func mergeSources(_ value: JSONValue, line: Int?) throws(Problem) -> [JSONObject] {
        if let object = value.objectValue { return [object] }
        let objects = value.arrayValue?.compactMap(\.objectValue) ?? []
        guard let count = value.arrayValue?.count, count == objects.count else {
            throw Problem(text: "\"<<\" takes an object or a list of objects, such as \"<<: *name\"", line: line)
        }
        return objects
    }

    private mutating func spend(_ count: Int, line: Int?) throws(Problem) {
        guard count <= remaining else {
            throw Problem(
                text: "more than \(limits.maximumValues) values, counting what aliases stand for; split the file",
                line: line)
        }
        remaining -= count
    }

    private static func aliasName(_ scalar: Node.Scalar) -> String? {
        guard scalar.style == .plain, scalar.string.unicodeScalars.first == aliasMark else { return nil }
        return restored(String(scalar.string.unicodeScalars.dropFirst()))
    }

    private mutating func alias(_ name: String, line: Int?) throws(Problem) -> JSONValue {
        guard let anchor = anchors[name] else {
            throw Problem(
                text: "the alias \"*\(name)\" stands for nothing; define \"&\(name)\" before it, or quote the text",
                line: line)
        }
        try spend(anchor.size, line: line)
        return anchor.value
    }

    static func check(_ tag: Tag, isOneOf names: [String], line: Int?) throws(Problem) {
        let name = tag.description
        let prefix = "tag:yaml.org,2002:"
        guard !name.isEmpty, name != "!", !names.contains(where: { name == prefix + $0 }) else { return }
        let shown = name.hasPrefix(prefix) ? "!!" + name.dropFirst(prefix.count) : name
        throw Problem(text: "the tag \(shown) is not accepted here; remove it", line: line)
    }
}
