import JSONTree
import Testing

// The examples of the documentation, with what they promise.

@Test func exampleOfTheLibrary() throws {
    let document = try JSONValue(parsing: #"{"mtu": 1500, "ips": ["10.6.0.9"], "x": 1e400}"#)
    let reader = try JSONFieldReader(document)
    #expect(try reader.integer(at: "mtu", in: 68...65535) == 1500)
    #expect(document.text() == #"{"mtu":1500,"ips":["10.6.0.9"],"x":1e400}"#)
}

@Test func exampleOfTheValue() {
    var pool: JSONValue = ["ipVersion": 4, "ips": ["10.6.0.10-10.6.0.20"]]
    #expect(pool["ips"]?.arrayValue?.count == 1)
    #expect(pool.text() == #"{"ipVersion":4,"ips":["10.6.0.10-10.6.0.20"]}"#)
    pool["ips"] = nil
    #expect(pool.text() == #"{"ipVersion":4}"#)
}

@Test func exampleOfTheParseError() {
    let error = #expect(throws: JSONParseError.self) { try JSONValue(parsing: #"{"name": "a", "name": "b"}"#) }
    #expect(error?.description == #"line 1, column 15: duplicate key "name""#)
}

@Test func exampleOfTheFieldReader() throws {
    let document: JSONValue = ["ipam": ["mode": "auto", "default_ipv4_ippool": ["a", 5]]]
    let root = try JSONFieldReader(document, keys: .caseInsensitive)
    let ipam = try #require(try root.object(at: "IPAM"))
    #expect(try ipam.string(at: "mode") == "auto")
    #expect(try ipam.integer(at: "log_maximum", in: 1...100) == nil)
    let error = #expect(throws: JSONFieldError.self) { try ipam.strings(at: "default_ipv4_ippool") }
    #expect(error?.description == "ipam.default_ipv4_ippool[1]: expected a string, got number 5")
}
