internal import JSONTree

/// Reads typed fields and goes on after a mistake, so that a manifest's mistakes are all reported at once.
struct FieldCollector {
    private(set) var errors: [FieldError] = []

    mutating func add(
        _ type: FieldError.ErrorType, at path: JSONFieldPath, value: String? = nil, _ message: String
    ) {
        errors.append(FieldError(type, at: path, value: value, message))
    }

    mutating func add(_ error: JSONFieldError) {
        if error.isMissing || error.actualKind == "null" {
            add(.required, at: error.path, "a value is needed here: \(error.expected)")
        } else {
            let message = "expected \(error.expected), got \(error.actualKind ?? "nothing")"
            add(.typeInvalid, at: error.path, value: error.actual, message + Self.remedy(for: error))
        }
    }

    private static func remedy(for error: JSONFieldError) -> String {
        switch (error.expected, error.actualKind) {
        case ("a string", "number"), ("a string", "boolean"): "; put the value in quotes"
        case ("a string", _): "; write a text here"
        case ("true or false", _): "; write true or false, without quotes"
        case ("an integer", "string"): "; write the number without quotes"
        case ("an array", "string"): "; write a list: [\"…\"]"
        case ("an array", _): "; write a list: [ … ]"
        case ("an object", _): "; write members with a name: { … }"
        default: "; correct the value or remove the field"
        }
    }

    /// The value that `body` reads; on a mistake, `nil` and the mistake is noted.
    mutating func read<Value>(_ body: () throws(JSONFieldError) -> Value?) -> Value? {
        do throws(JSONFieldError) {
            return try body()
        } catch {
            add(error)
            return nil
        }
    }

    /// Notes every member that the object must not have, with the nearest name that it may have.
    mutating func refuseUnknown(in reader: JSONFieldReader, known: [String]) {
        for key in reader.unknownKeys(except: known) {
            let remedy = Spelling.nearest(to: key, in: known).map { "did you mean \($0.quoted)?" }
            add(
                .forbidden, at: reader.path.appending(key),
                "unknown field; " + (remedy ?? "remove it; known here: \(known.joined(separator: ", "))"))
        }
    }

    /// Checks `apiVersion`.
    mutating func checkAPIVersion(in root: JSONFieldReader) {
        guard let version = requiredString(at: "apiVersion", in: root), version != ResourceKind.apiVersion else {
            return
        }
        add(
            .notSupported, at: root.path(of: "apiVersion"), value: version,
            "supported values: \(ResourceKind.apiVersion.quoted)")
    }
}
