public import JSONTree

extension CNIError {
    /// The error object for standard output.
    public func json(version: CNIVersion) -> JSONValue {
        var object: JSONObject = [
            "cniVersion": .string(version.rawValue),
            "code": .integer(code.rawValue),
            "msg": .string(message),
        ]
        if !details.isEmpty { object.set("details", .string(details)) }
        return .object(object)
    }

    /// Reads the error object of another plugin; `nil` when the value is none.
    ///
    /// An error object has a `code` above 0 or a `msg`; without a code it counts as ``Code/internalError``.
    public init?(_ value: JSONValue) {
        guard let object = value.objectValue else { return nil }
        let code = object["code"]?.numberValue?.uint64.flatMap(UInt32.init(exactly:)) ?? 0
        let message = object["msg"]?.stringValue ?? ""
        guard code > 0 || !message.isEmpty else { return nil }
        self.init(
            code > 0 ? Code(rawValue: code) : .internalError, message, details: object["details"]?.stringValue ?? "")
    }
}

extension CNIError {
    /// The refusal of a field of the network configuration: code 7.
    public init(_ error: JSONFieldError) {
        self.init(.invalidConfiguration, "invalid network config", details: error.description)
    }

    /// The refusal of one environment variable: code 4.
    static func environment(_ name: String, _ value: String, _ rule: String) -> CNIError {
        CNIError(.invalidEnvironment, "invalid \(name)", details: "\(name)=\(value.quoted): \(rule)")
    }
}

extension String {
    /// The text in quotation marks for a message: control characters escaped, cut when it is long.
    var quoted: String { JSONValue.string(self).excerpt() }
}
