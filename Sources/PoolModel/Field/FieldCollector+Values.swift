internal import JSONTree

extension FieldCollector {
    mutating func string(at key: String, in reader: JSONFieldReader) -> String? {
        read { () throws(JSONFieldError) in try reader.string(at: key) }
    }

    mutating func strings(at key: String, in reader: JSONFieldReader) -> [String]? {
        read { () throws(JSONFieldError) in try reader.strings(at: key) }
    }

    mutating func stringMap(at key: String, in reader: JSONFieldReader) -> [String: String]? {
        read { () throws(JSONFieldError) in try reader.stringMap(at: key) }
    }

    mutating func bool(at key: String, in reader: JSONFieldReader) -> Bool? {
        read { () throws(JSONFieldError) in try reader.bool(at: key) }
    }

    mutating func integer(at key: String, in reader: JSONFieldReader) -> Int64? {
        read { () throws(JSONFieldError) in try reader.integer(at: key) }
    }

    mutating func object(at key: String, in reader: JSONFieldReader) -> JSONFieldReader? {
        read { () throws(JSONFieldError) in try reader.object(at: key) }
    }

    mutating func objects(at key: String, in reader: JSONFieldReader) -> [JSONFieldReader]? {
        read { () throws(JSONFieldError) in try reader.objects(at: key) }
    }

    /// A string that must be there; `nil` and a note when it is not.
    mutating func requiredString(at key: String, in reader: JSONFieldReader) -> String? {
        read { () throws(JSONFieldError) in
            try reader.required(key, reader.string(at: key), expected: "a string")
        }
    }

    /// An object that must be there; `nil` and a note when it is not.
    mutating func requiredObject(at key: String, in reader: JSONFieldReader) -> JSONFieldReader? {
        read { () throws(JSONFieldError) in
            try reader.required(key, reader.object(at: key), expected: "an object")
        }
    }

    /// An integer that is not negative.
    mutating func count(at key: String, in reader: JSONFieldReader) -> Int64? {
        guard let value = integer(at: key, in: reader) else { return nil }
        guard value >= 0 else {
            add(.invalid, at: reader.path(of: key), value: String(value), "must be 0 or more")
            return nil
        }
        return value
    }
}
