import IPAMCore
import JSONTree
import PoolModel
import Testing

/// A kind of manifest with one right manifest that has every field, and a wrong value for each of them.
struct BadInputKind: Sendable, CustomTestStringConvertible {
    let name: String
    /// A manifest in which every field stands once, in JSON.
    let complete: String
    /// For each field that is no object: a value of the right type that is refused, in JSON; `nil` where any will do.
    let wrong: [String: String?]
    /// Everything that is wrong with a manifest.
    let errors: @Sendable (JSONValue) -> [FieldError]

    var testDescription: String { name }
}

/// Every field of every kind is wrong once: one error, with the place, the value, and what to do.
///
/// Which fields there are the library says itself, in its error about a field that does not exist. So a new field
/// without a row here fails.
@Suite struct BadInputTests {
    typealias Path = [JSONFieldPath.Step]

    static let unknownKey = "zzzzzzzzzzzzzzzz"

    @Test("the rows are about all fields that there are", arguments: kinds) func completeness(kind: BadInputKind) throws
    {
        let complete = try JSONValue(parsing: kind.complete)
        #expect(kind.errors(complete) == [])
        for (path, value) in Self.fields(of: complete) {
            guard case .object(let object) = value, !Self.isFree(path) else { continue }
            var wider = object
            wider[Self.unknownKey] = 1
            let errors = kind.errors(complete.setting(path, to: .object(wider)))
            let unknown = try #require(errors.first { "\($0)".contains(Self.unknownKey) }, "\(path)")
            let known = unknown.message.split(separator: "known here: ").last?.split(separator: ", ") ?? []
            #expect(!known.isEmpty)
            for field in known.map(String.init) where object[field] == nil {
                #expect(Self.exempt.contains(field), "\(kind.name): no row for \(Self.text(path)).\(field)")
            }
        }
        for (path, value) in Self.fields(of: complete) where value.objectValue == nil {
            let field = Self.text(path)
            #expect(kind.wrong.keys.contains(field), "\(kind.name): no wrong value for \(field)")
        }
    }

    @Test("a value of another type", arguments: kinds) func types(kind: BadInputKind) throws {
        let complete = try JSONValue(parsing: kind.complete)
        for (path, value) in Self.fields(of: complete) where !path.isEmpty {
            let errors = kind.errors(complete.setting(path, to: value.numberText == nil ? 5 : "x"))
            #expect(errors.count == 1, "\(kind.name) \(Self.text(path)): \(errors)")
            guard let error = errors.first else { continue }
            #expect("\(error.path)" == Self.text(path, indexed: true), "\(error)")
            #expect(error.value != nil && !error.message.isEmpty, "\(error)")
        }
    }

    @Test("a value that makes no sense", arguments: kinds) func values(kind: BadInputKind) throws {
        let complete = try JSONValue(parsing: kind.complete)
        for (path, value) in Self.fields(of: complete) where value.objectValue == nil {
            guard let wrong = kind.wrong[Self.text(path)] ?? nil else { continue }
            let errors = kind.errors(complete.setting(path, to: try JSONValue(parsing: wrong)))
            #expect(errors.count == 1, "\(kind.name) \(Self.text(path)) = \(wrong): \(errors)")
            guard let error = errors.first else { continue }
            // An error in a selector stands at the selector, as in Kubernetes; its text goes on with the place inside.
            let place = Self.text(path, indexed: true)
            let stated = "\(error.path)"
            let isStated = stated.hasPrefix(place) || error.message.hasPrefix(place.dropFirst(stated.count + 1))
            #expect(isStated && place.hasPrefix(stated.prefix(place.count)), "\(kind.name) \(place): \(error)")
            #expect(error.message.count > 8, "\(error)")
        }
    }

    // MARK: The fields of a manifest

    /// Every value of a tree with its path; of arrays the first element.
    static func fields(of value: JSONValue, at path: Path = []) -> [(path: Path, value: JSONValue)] {
        var result: [(Path, JSONValue)] = [(path, value)]
        if let object = value.objectValue, !isFree(path) {
            for member in object.members { result += fields(of: member.value, at: path + [.key(member.key)]) }
        } else if let first = value.arrayValue?.first {
            result += fields(of: first, at: path + [.index(0)])
        }
        return result
    }

    /// Whether the members of an object are for users to name.
    static func isFree(_ path: Path) -> Bool {
        guard case .key(let key) = path.last else { return false }
        return ["labels", "annotations", "matchLabels", "metadata"].contains(key)
    }

    /// Of some fields only one may be said; the status is written by the program, and not looked at in a manifest.
    static let exempt: Set = ["containerID", "podNamespace", "podName", "status"]

    static func text(_ path: Path, indexed: Bool = false) -> String {
        "\(path.reduce(JSONFieldPath.root) { $0.appending($1) })".replacing("[0]", with: indexed ? "[0]" : "")
    }
}

extension JSONFieldPath {
    fileprivate func appending(_ step: Step) -> JSONFieldPath {
        switch step {
        case .key(let key): appending(key)
        case .index(let index): appending(index)
        }
    }
}

extension JSONValue {
    fileprivate var objectValue: JSONObject? { if case .object(let object) = self { object } else { nil } }

    fileprivate var numberText: String? { if case .number = self { text() } else { nil } }

    /// The tree with another value at a place.
    fileprivate func setting(_ path: some Collection<JSONFieldPath.Step>, to value: JSONValue) -> JSONValue {
        guard let step = path.first else { return value }
        switch (step, self) {
        case (.key(let key), .object(var object)):
            object[key] = object[key]?.setting(path.dropFirst(), to: value)
            return .object(object)
        case (.index(let index), .array(var elements)):
            elements[index] = elements[index].setting(path.dropFirst(), to: value)
            return .array(elements)
        default: return self
        }
    }
}
