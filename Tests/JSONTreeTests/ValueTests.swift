import JSONTree
import Testing

@Test func literalsAndAccessors() throws {
    var pool: JSONValue = ["ipVersion": 4, "ips": ["10.6.0.10-10.6.0.20"], "disable": false, "gateway": nil]
    #expect(pool["ipVersion"]?.int64Value == 4)
    #expect(pool["ips"]?.arrayValue?.count == 1)
    #expect(pool["ips"]?.arrayValue?.first?.stringValue == "10.6.0.10-10.6.0.20")
    #expect(pool["disable"]?.boolValue == false)
    #expect(pool["gateway"]?.isNull == true)
    #expect(pool["missing"] == nil)
    #expect(pool["disable"]?.stringValue == nil)
    pool["gateway"] = "10.6.0.1"
    pool["disable"] = nil
    #expect(pool.text() == #"{"ipVersion":4,"ips":["10.6.0.10-10.6.0.20"],"gateway":"10.6.0.1"}"#)
    let kinds: [JSONValue] = [nil, true, 1, "", [], [:]]
    #expect(kinds.map(\.kindName) == ["null", "boolean", "number", "string", "array", "object"])
}

@Test func equalityIgnoresMemberOrderButNotElementOrder() throws {
    let one = try JSONValue(parsing: #"{"a":1,"b":{"c":[1,2],"d":null}}"#)
    #expect(try one == JSONValue(parsing: #"{"b":{"d":null,"c":[1,2]},"a":1}"#))
    #expect(try one != JSONValue(parsing: #"{"b":{"d":null,"c":[2,1]},"a":1}"#))
    #expect(try one != JSONValue(parsing: #"{"a":1,"b":{"c":[1,2],"e":null}}"#))
    #expect(try one != JSONValue(parsing: #"{"a":1}"#))
}

@Test func equalityOfDeepTreesEnds() throws {
    func tree(_ leaf: Int) throws -> JSONValue {
        let depth = 120
        return try JSONValue(
            parsing: String(repeating: #"{"x":0,"a":"#, count: depth) + "\(leaf)" + String(repeating: "}", count: depth)
        )
    }
    #expect(try tree(1) == tree(1))
    #expect(try tree(1) != tree(2))
}

@Test func excerptsAreShort() {
    #expect(JSONValue.string("a\nb").excerpt() == #""a\nb""#)
    #expect(JSONValue.array([1, 2]).excerpt() == "of 2 elements")
    #expect(JSONValue.object(["a": 1]).excerpt() == "with 1 member")
    #expect(JSONValue.string(String(repeating: "x", count: 500)).excerpt().count == 131)
}

@Test func numbersKeepTheirTextAndConvert() throws {
    #expect(JSONNumber(Int64.min).int64 == Int64.min)
    #expect(JSONNumber(UInt64.max).uint64 == UInt64.max)
    #expect(JSONNumber(UInt64.max).int64 == nil)
    #expect(JSONNumber(5).text == "5")
    #expect(JSONNumber(text: "1.0")?.int64 == nil)
    #expect(JSONNumber(text: "1e3")?.double == 1000)
    #expect(JSONNumber(text: "1e999")?.double == nil)
    #expect(JSONNumber(text: "-0")?.int64 == 0)
    for text in ["", "+1", "01", "1 ", " 1", "0x1", "1.", "NaN", "1,2", "-"] { #expect(JSONNumber(text: text) == nil) }
}

@Test func objectKeepsOrderAndReplacesInPlace() {
    var object = JSONObject([("b", 1), ("a", 2), ("b", 3)])
    #expect(object.keys == ["b", "a"])
    #expect(object["b"] == 3)
    object.set("c", nil)
    object.set("b", 4)
    #expect(JSONValue.object(object).text() == #"{"b":4,"a":2,"c":null}"#)
    #expect(object.remove("a") == 2)
    #expect(object.remove("a") == nil)
    #expect(object.count == 2)
    #expect(!object.isEmpty)
}

@Test func caseInsensitiveLookupPrefersTheExactKey() {
    let object: JSONObject = ["PODNIC": 1, "podNIC": 2, "x[": 3]
    #expect(object.first(caseInsensitive: "podNIC")?.value == 2)
    #expect(object.first(caseInsensitive: "podnic")?.key == "PODNIC")
    #expect(object.first(caseInsensitive: "x{") == nil)
    #expect(object.first(caseInsensitive: "pod") == nil)
}

@Test func styles() throws {
    let value = try JSONValue(parsing: #"{"b":[1,{"z":[],"y":{}}],"a":"\u0001\"\\"}"#)
    #expect(value.text(.compactSorted) == #"{"a":"\u0001\"\\","b":[1,{"y":{},"z":[]}]}"#)
    #expect(
        value.text(.pretty) == """
            {
              "b": [
                1,
                {
                  "z": [],
                  "y": {}
                }
              ],
              "a": "\\u0001\\"\\\\"
            }
            """)
    #expect(value.utf8() == Array(value.text().utf8))
    #expect(value.description == value.text())
}
