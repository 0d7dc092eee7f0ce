extension JSONFieldReader {
    /// Reads a string; `nil` when it is absent or `null`.
    ///
    /// - Throws: ``JSONFieldError`` for a value of another kind.
    public func string(at key: String) throws(JSONFieldError) -> String? {
        guard let value = value(at: key) else { return nil }
        guard let string = value.stringValue else { throw error(at: key, expected: "a string") }
        return string
    }

    /// Reads a truth value; `nil` when it is absent or `null`.
    ///
    /// - Throws: ``JSONFieldError`` for a value of another kind.
    public func bool(at key: String) throws(JSONFieldError) -> Bool? {
        guard let value = value(at: key) else { return nil }
        guard let bool = value.boolValue else { throw error(at: key, expected: "true or false") }
        return bool
    }

    /// Reads an integer; `nil` when it is absent or `null`.
    ///
    /// - Throws: ``JSONFieldError`` for a value of another kind, a fraction, an exponent, or a number outside `range`.
    public func integer(
        at key: String, in range: ClosedRange<Int64> = Int64.min...Int64.max
    ) throws(JSONFieldError) -> Int64? {
        guard let value = value(at: key) else { return nil }
        guard let integer = value.int64Value, range.contains(integer) else {
            let isAny = range == Int64.min...Int64.max
            throw error(at: key, expected: isAny ? "an integer" : "an integer in \(range)")
        }
        return integer
    }

    /// Reads a number; `nil` when it is absent or `null`.
    ///
    /// - Throws: ``JSONFieldError`` for a value of another kind.
    public func number(at key: String) throws(JSONFieldError) -> JSONNumber? {
        guard let value = value(at: key) else { return nil }
        guard let number = value.numberValue else { throw error(at: key, expected: "a number") }
        return number
    }

    /// Reads an array of anything; `nil` when it is absent or `null`.
    ///
    /// - Throws: ``JSONFieldError`` for a value of another kind.
    public func array(at key: String) throws(JSONFieldError) -> [JSONValue]? {
        guard let value = value(at: key) else { return nil }
        guard let array = value.arrayValue else { throw error(at: key, expected: "an array") }
        return array
    }

    /// Reads an array of strings; `nil` when it is absent or `null`.
    ///
    /// - Throws: ``JSONFieldError`` for a value of another kind, or with the index of an element that is no string.
    public func strings(at key: String) throws(JSONFieldError) -> [String]? {
        try parsedList(at: key, expected: "a string") { $0 }
    }

    /// Reads an object whose values are all strings, such as labels; `nil` when it is absent or `null`.
    ///
    /// - Throws: ``JSONFieldError`` for a value of another kind, or with the key of a member that is no string.
    public func stringMap(at key: String) throws(JSONFieldError) -> [String: String]? {
        guard let reader = try object(at: key) else { return nil }
        var map: [String: String] = [:]
        for member in reader.object.members {
            guard let string = member.value.stringValue else {
                throw JSONFieldError(
                    at: reader.path.appending(member.key), expected: "a string", actual: member.value)
            }
            map[member.key] = string
        }
        return map
    }

    /// Reads an object; `nil` when it is absent or `null`.
    ///
    /// - Throws: ``JSONFieldError`` for a value of another kind.
    public func object(at key: String) throws(JSONFieldError) -> JSONFieldReader? {
        guard let member = member(key), !member.value.isNull else { return nil }
        return try JSONFieldReader(member.value, path: path.appending(member.key), keys: keys)
    }

    /// Reads an array of objects; `nil` when it is absent or `null`.
    ///
    /// - Throws: ``JSONFieldError`` for a value of another kind, or with the index of an element that is no object.
    public func objects(at key: String) throws(JSONFieldError) -> [JSONFieldReader]? {
        guard let array = try array(at: key) else { return nil }
        let path = path(of: key)
        var readers: [JSONFieldReader] = []
        readers.reserveCapacity(array.count)
        for (index, element) in array.enumerated() {
            readers.append(try JSONFieldReader(element, path: path.appending(index), keys: keys))
        }
        return readers
    }

    /// Reads a string with a meaning of its own: an address, a name from a closed set; `nil` when absent or `null`.
    ///
    /// ```swift
    /// let gateway = try reader.parsed(at: "gateway", expected: "an IP address") { IPAddress($0) }
    /// ```
    ///
    /// - Parameters:
    ///   - key: The member.
    ///   - expected: What the text has to be, with its article.
    ///   - parse: Returns `nil` for a text that does not serve.
    /// - Returns: what `parse` made of the text.
    /// - Throws: ``JSONFieldError`` for a value of another kind, and for a text that `parse` refuses.
    public func parsed<Result>(
        at key: String, expected: String, _ parse: (String) -> Result?
    ) throws(JSONFieldError) -> Result? {
        guard let value = value(at: key) else { return nil }
        guard let string = value.stringValue, let result = parse(string) else {
            throw error(at: key, expected: expected)
        }
        return result
    }

    /// Reads an array of strings with a meaning of their own; `nil` when it is absent or `null`.
    ///
    /// - Parameters:
    ///   - key: The member.
    ///   - expected: What every element has to be, with its article.
    ///   - parse: Returns `nil` for a text that does not serve.
    /// - Returns: what `parse` made of the texts.
    /// - Throws: ``JSONFieldError`` for a value of another kind, and with the index of an element that is no string or
    ///   that `parse` refuses.
    public func parsedList<Result>(
        at key: String, expected: String, _ parse: (String) -> Result?
    ) throws(JSONFieldError) -> [Result]? {
        guard let array = try array(at: key) else { return nil }
        var results: [Result] = []
        results.reserveCapacity(array.count)
        for (index, element) in array.enumerated() {
            guard let string = element.stringValue, let result = parse(string) else {
                throw JSONFieldError(at: path(of: key).appending(index), expected: expected, actual: element)
            }
            results.append(result)
        }
        return results
    }

    /// Turns an absent value into an error: `try reader.required("cniVersion", reader.string(at: "cniVersion"))`.
    ///
    /// - Throws: ``JSONFieldError`` when `value` is `nil`.
    public func required<Value>(
        _ key: String, _ value: Value?, expected: String = "a value"
    ) throws(JSONFieldError) -> Value {
        guard let value else { throw error(at: key, expected: expected) }
        return value
    }
}
