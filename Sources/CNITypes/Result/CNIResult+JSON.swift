internal import IPAMCore
public import JSONTree

extension CNIResult {
    /// Reads a result.
    ///
    /// - Parameters:
    ///   - value: The result.
    ///   - version: The version that it is in unless it says otherwise itself.
    ///   - path: Where the result stands, for messages.
    /// - Throws: ``CNIError`` with code 7 that names the member that does not fit; 6 when the result names a version
    ///   that is not spoken.
    public init(_ value: JSONValue, version: CNIVersion, path: JSONFieldPath = .root) throws(CNIError) {
        let reader: JSONFieldReader
        let text: String?
        do throws(JSONFieldError) {
            reader = try JSONFieldReader(value, path: path)
            text = try reader.text(at: "cniVersion")
        } catch {
            throw CNIError(error)
        }
        let own = text.flatMap(CNIVersion.init(rawValue:))
        guard text == nil || own != nil else {
            let expected = "one of \(CNIVersion.list(CNIVersion.allCases))"
            throw CNIError(
                .decodingFailed, "cannot decode result",
                details: reader.error(at: "cniVersion", expected: expected).description)
        }
        do throws(JSONFieldError) {
            try self.init(reader, own ?? version)
        } catch {
            throw CNIError(error)
        }
    }

    private init(_ reader: JSONFieldReader, _ version: CNIVersion) throws(JSONFieldError) {
        self.init(extensions: reader.extensions(except: ["cniVersion", "interfaces", "ips", "routes", "dns"]))
        for item in try reader.objects(at: "interfaces") ?? [] { interfaces.append(try CNIInterface(item, version)) }
        for item in try reader.objects(at: "ips") ?? [] { ips.append(try CNIAddress(item, version)) }
        for item in try reader.objects(at: "routes") ?? [] { routes.append(try CNIRoute(item, version)) }
        if let item = try reader.object(at: "dns") { dns = try CNIDNS(item) }
    }

    /// The result in a version of the protocol; empty lists are left out, and members that came with a later version.
    public func json(version: CNIVersion) -> JSONValue {
        var object: JSONObject = ["cniVersion": .string(version.rawValue)]
        object.setList("interfaces", interfaces.map { $0.json(version) })
        object.setList("ips", ips.map { $0.json(version) })
        object.setList("routes", routes.map { $0.json(version) })
        if !dns.isEmpty { object.set("dns", dns.json()) }
        return .object(object.adding(extensions))
    }
}

extension JSONFieldReader {
    /// Reads a string; an empty one counts as absent, as in the reference implementation of the protocol.
    func text(at key: String) throws(JSONFieldError) -> String? {
        try string(at: key).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Reads an address; an empty text counts as absent.
    func address(at key: String) throws(JSONFieldError) -> IPAddress? {
        guard try text(at: key) != nil else { return nil }
        return try parsed(at: key, expected: "an IP address") { IPAddress($0) }
    }

    /// Reads a number from 0 to 2³² − 1.
    func unsigned(at key: String) throws(JSONFieldError) -> UInt32? {
        try integer(at: key, in: 0...Int64(UInt32.max)).map { UInt32($0) }
    }

    /// The members whose keys are not in the list.
    func extensions(except known: [String]) -> JSONObject {
        JSONObject(object.members.filter { !known.contains($0.key) }.map { ($0.key, $0.value) })
    }
}

extension JSONObject {
    /// The members of both; those that are already here count. O(number of members).
    func adding(_ extensions: JSONObject) -> JSONObject {
        guard !extensions.isEmpty else { return self }
        let known = keys
        let others = extensions.members.filter { !known.contains($0.key) }
        return JSONObject((members + others).map { ($0.key, $0.value) })
    }

    mutating func setText(_ key: String, _ text: String?) {
        if let text, !text.isEmpty { set(key, .string(text)) }
    }

    mutating func setNumber(_ key: String, _ number: (some BinaryInteger)?) {
        if let number { set(key, .integer(number)) }
    }

    mutating func setList(_ key: String, _ elements: [JSONValue]) {
        if !elements.isEmpty { set(key, .array(elements)) }
    }
}
