public import JSONTree

/// One thing that is wrong with a resource: where, of which type, the value, and what to do about it.
///
/// The description is one line in the manner of Kubernetes:
///
/// ```
/// spec.ips[0]: Invalid value: "10.0.0.9-10.0.0.1": the range runs downwards at position 9; write "10.0.0.1-10.0.0.9"
/// ```
public struct FieldError: Error, Sendable, Hashable {
    /// What sort of mistake it is; the raw value is the reason that Kubernetes' clients see.
    public struct ErrorType: RawRepresentable, Sendable, Hashable {
        /// The machine-readable reason, `FieldValueInvalid` for instance.
        public let rawValue: String

        /// Makes a type from its reason.
        public init(rawValue: String) { self.rawValue = rawValue }
    }

    /// The sort of mistake.
    public let type: ErrorType

    /// The field at fault.
    public let path: JSONFieldPath

    /// The offending value as text; `nil` where there is none to show.
    public let value: String?

    /// What is wrong and how to put it right.
    public let message: String

    /// Makes an error.
    public init(_ type: ErrorType, at path: JSONFieldPath, value: String? = nil, _ message: String) {
        self.type = type
        self.path = path
        self.value = value
        self.message = message
    }

    /// The HTTP status with which an API server answers: 422, or 403 and 409 for what concerns the whole object.
    public var statusCode: Int {
        switch type {
        case .alreadyExists: 409
        case .operationForbidden: 403
        default: 422
        }
    }
}

extension FieldError.ErrorType {
    /// The value is wrong in itself.
    public static let invalid = Self(rawValue: "FieldValueInvalid")
    /// The value would be legal elsewhere, but not in this situation.
    public static let forbidden = Self(rawValue: "FieldValueForbidden")
    /// A value is missing.
    public static let required = Self(rawValue: "FieldValueRequired")
    /// The value is not one of a fixed set.
    public static let notSupported = Self(rawValue: "FieldValueNotSupported")
    /// The value stands there twice.
    public static let duplicate = Self(rawValue: "FieldValueDuplicate")
    /// The value is longer than allowed.
    public static let tooLong = Self(rawValue: "FieldValueTooLong")
    /// The value has another JSON type than the field.
    public static let typeInvalid = Self(rawValue: "FieldValueTypeInvalid")
    /// What the decision needs cannot be read.
    public static let internalError = Self(rawValue: "InternalError")
    /// An object of this name exists (HTTP 409).
    public static let alreadyExists = Self(rawValue: "AlreadyExists")
    /// The whole operation is refused in the object's present state (HTTP 403).
    public static let operationForbidden = Self(rawValue: "Forbidden")

    /// The words that stand between path and value.
    var phrase: String {
        switch self {
        case .invalid, .typeInvalid: "Invalid value"
        case .forbidden, .operationForbidden: "Forbidden"
        case .required: "Required value"
        case .notSupported: "Unsupported value"
        case .duplicate: "Duplicate value"
        case .tooLong: "Too long"
        case .internalError: "Internal error"
        case .alreadyExists: "Already exists"
        default: rawValue
        }
    }
}

extension FieldError: CustomStringConvertible {
    /// `path: Phrase: "value": message` on one line.
    public var description: String {
        var text = path == .root ? "" : "\(path): "
        text += type.phrase
        if let value { text += ": \(value.quoted)" }
        return text + ": \(message)"
    }
}
