/// Reads the members of an object as typed values, with errors that name the field.
///
/// A member that is absent and one that is `null` are the same to every reading function: they return `nil`, and the
/// caller applies its default. A member of the wrong kind throws. Nothing is converted: `"5"` is not a number, and `1`
/// is not a truth value.
///
/// ```swift
/// let document: JSONValue = ["ipam": ["mode": "auto", "default_ipv4_ippool": ["a", 5]]]
/// let root = try JSONFieldReader(document, keys: .caseInsensitive)
/// if let ipam = try root.object(at: "IPAM") {
///     try ipam.string(at: "mode")                      // "auto"
///     try ipam.integer(at: "log_maximum", in: 1...100) // nil: not given
///     try ipam.strings(at: "default_ipv4_ippool")      // throws: ipam.default_ipv4_ippool[1]: expected a string, …
/// }
/// ```
///
/// Values that are texts with a meaning of their own, such as addresses or names from a closed set, are read with
/// ``parsed(at:expected:_:)`` and ``parsedList(at:expected:_:)``.
public struct JSONFieldReader: Sendable {
    /// How keys are compared with the names that are asked for.
    public enum KeyMatching: Sendable, Hashable {
        /// Byte for byte.
        case exact
        /// ASCII letters of either case are the same; a key that matches exactly is preferred.
        case caseInsensitive
    }

    /// The object that is read.
    public let object: JSONObject

    /// Where the object stands in its document; the start of every path in an error.
    public let path: JSONFieldPath

    /// How keys are compared; readers of nested objects inherit it.
    public let keys: KeyMatching

    /// Makes a reader of an object.
    public init(_ object: JSONObject, path: JSONFieldPath = .root, keys: KeyMatching = .exact) {
        self.object = object
        self.path = path
        self.keys = keys
    }

    /// Makes a reader of a value that has to be an object.
    ///
    /// - Throws: ``JSONFieldError`` when it is none.
    public init(_ value: JSONValue, path: JSONFieldPath = .root, keys: KeyMatching = .exact) throws(JSONFieldError) {
        guard let object = value.objectValue else {
            throw JSONFieldError(at: path, expected: "an object", actual: value)
        }
        self.init(object, path: path, keys: keys)
    }

    /// The member, `null` or not, with its key as it is written; `nil` when it is absent. O(number of members).
    public func member(_ key: String) -> (key: String, value: JSONValue)? {
        switch keys {
        case .exact: object[key].map { (key, $0) }
        case .caseInsensitive: object.first(caseInsensitive: key)
        }
    }

    /// Whether the member is there, `null` or not.
    public func has(_ key: String) -> Bool { member(key) != nil }

    /// The value of a member; `nil` when it is absent or `null`.
    public func value(at key: String) -> JSONValue? {
        guard let value = member(key)?.value, !value.isNull else { return nil }
        return value
    }

    /// The path of a member, with the key as it is written where it is there.
    public func path(of key: String) -> JSONFieldPath { path.appending(member(key)?.key ?? key) }

    /// The error for a member whose value does not serve, or is missing.
    public func error(at key: String, expected: String) -> JSONFieldError {
        JSONFieldError(at: path(of: key), expected: expected, actual: member(key)?.value)
    }

    /// The keys that match none of `known`, in order; for formats in which unknown keys are worth a word.
    public func unknownKeys(except known: [String]) -> [String] {
        let recognised = Set(known.compactMap { member($0)?.key })
        return object.keys.filter { key in
            if recognised.contains(key) { return false }
            return keys == .exact || !known.contains { $0.equalsIgnoringASCIICase(key) }
        }
    }
}
