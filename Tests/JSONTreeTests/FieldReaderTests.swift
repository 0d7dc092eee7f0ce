import JSONTree
import Testing

private let document: JSONValue = [
    "mode": "auto", "MTU": 1500, "tune": true, "none": nil, "labels": ["a": "b", "c.d/e": 5],
    "ipam": ["default_ipv4_ippool": ["one", 2], "pools": [["name": "x"], 7], "nets": ["10", "y"]],
]

@Test func readsTypedMembers() throws {
    let reader = try JSONFieldReader(document, keys: .caseInsensitive)
    #expect(try reader.string(at: "Mode") == "auto")
    #expect(try reader.integer(at: "mtu", in: 0...9000) == 1500)
    #expect(try reader.number(at: "mtu")?.text == "1500")
    #expect(try reader.bool(at: "tune") == true)
    #expect(try reader.string(at: "none") == nil)
    #expect(try reader.string(at: "absent") == nil)
    #expect(reader.has("none"))
    #expect(!reader.has("absent"))
    #expect(try reader.object(at: "IPAM")?.parsedList(at: "nets", expected: "a word") { $0 } == ["10", "y"])
    #expect(try reader.object(at: "none") == nil)
    #expect(try reader.array(at: "absent") == nil)
    #expect(reader.unknownKeys(except: ["MODE", "mtu", "ipam", "labels", "none"]) == ["tune"])
    let exact = try JSONFieldReader(document)
    #expect(try exact.integer(at: "mtu") == nil)
    #expect(exact.unknownKeys(except: ["mode", "mtu", "tune", "none", "labels"]) == ["MTU", "ipam"])
}

@Test func exactKeyWinsOverFoldedKey() throws {
    let reader = JSONFieldReader(["PODNIC": "no", "podNIC": "yes"] as JSONObject, keys: .caseInsensitive)
    #expect(try reader.string(at: "podNIC") == "yes")
    #expect(reader.unknownKeys(except: ["podNIC"]) == [])
}

/// What is read, and the whole message that has to come.
struct FieldRefusal: Sendable, CustomTestStringConvertible {
    let message: String
    let read: @Sendable (JSONFieldReader) throws(JSONFieldError) -> Void
    var testDescription: String { message }

    init(_ message: String, _ read: @escaping @Sendable (JSONFieldReader) throws(JSONFieldError) -> Void) {
        self.message = message
        self.read = read
    }

    static let all: [FieldRefusal] = [
        .init("MTU: expected a string, got number 1500") { reader throws(JSONFieldError) in
            _ = try reader.string(at: "mtu")
        },
        .init("MTU: expected an integer in 0...1499, got number 1500") { reader throws(JSONFieldError) in
            _ = try reader.integer(at: "mtu", in: 0...1499)
        },
        .init(#"mode: expected an integer, got string "auto""#) { reader throws(JSONFieldError) in
            _ = try reader.integer(at: "mode")
        },
        .init("tune: expected an array, got boolean true") { reader throws(JSONFieldError) in
            _ = try reader.array(at: "tune")
        },
        .init("ipam: expected true or false, got object with 3 members") { reader throws(JSONFieldError) in
            _ = try reader.bool(at: "ipam")
        },
        .init("ipam.default_ipv4_ippool[1]: expected a string, got number 2") { reader throws(JSONFieldError) in
            _ = try reader.object(at: "ipam")?.strings(at: "default_ipv4_ippool")
        },
        .init("ipam.pools[1]: expected an object, got number 7") { reader throws(JSONFieldError) in
            _ = try reader.object(at: "ipam")?.objects(at: "pools")
        },
        .init("labels[c.d/e]: expected a string, got number 5") { reader throws(JSONFieldError) in
            _ = try reader.stringMap(at: "labels")
        },
        .init(#"mode: expected one of "a", "b", got string "auto""#) { reader throws(JSONFieldError) in
            _ = try reader.parsed(at: "mode", expected: #"one of "a", "b""#) { $0 == "a" ? 1 : nil }
        },
        .init(#"ipam.nets[1]: expected a number in a string, got string "y""#) { reader throws(JSONFieldError) in
            _ = try reader.object(at: "ipam")?.parsedList(at: "nets", expected: "a number in a string") { Int($0) }
        },
        .init("absent: missing, expected a name") { reader throws(JSONFieldError) in
            _ = try reader.required("absent", reader.string(at: "absent"), expected: "a name")
        },
        .init("none: expected a value, got null") { reader throws(JSONFieldError) in
            _ = try reader.required("none", reader.string(at: "none"))
        },
    ]
}

@Test(arguments: FieldRefusal.all)
func refusesField(_ row: FieldRefusal) throws {
    let reader = try JSONFieldReader(document, keys: .caseInsensitive)
    let error = #expect(throws: JSONFieldError.self) { try row.read(reader) }
    #expect(error?.description == row.message)
}

@Test func longValuesAreCutInMessages() {
    let long = JSONValue.string(String(repeating: "é", count: 1000))
    let error = #expect(throws: JSONFieldError.self) { try JSONFieldReader(long) }
    #expect((error?.description.utf8.count ?? .max) < 250)
    #expect(error?.isMissing == false)
}
