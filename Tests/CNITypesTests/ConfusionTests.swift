import CNITypes
import IPAMCore
import JSONTree
import Testing

/// A configuration in which every key of the protocol has a value that serves.
private let complete: JSONValue = [
    "cniVersion": "1.1.0", "name": "net", "type": "stub",
    "runtimeConfig": ["mac": "0a:00:00:00:00:01"], "args": ["cni": [:]], "capabilities": ["mac": true],
    "ipam": ["type": "host-local"],
    "dns": ["nameservers": ["10.0.0.1"], "domain": "d", "search": ["s"], "options": ["o"]],
    "prevResult": [
        "cniVersion": "1.1.0",
        "interfaces": [
            ["name": "eth0", "mac": "x", "sandbox": "/p", "mtu": 1500, "socketPath": "/s", "pciID": "0000:00:00.0"]
        ],
        "ips": [["address": "10.0.0.2/24", "gateway": "10.0.0.1", "interface": 0]],
        "routes": [
            ["dst": "0.0.0.0/0", "gw": "10.0.0.1", "mtu": 1, "advmss": 1, "priority": 1, "table": 1, "scope": 0]
        ],
        "dns": ["nameservers": ["10.0.0.1"], "domain": "d", "search": ["s"], "options": ["o"]],
    ],
]

/// A place in the configuration, and how the error names it.
struct KnownKey: Sendable, CustomTestStringConvertible {
    enum Step: Sendable {
        case key(String)
        case index(Int)
    }

    let steps: [Step]
    let testDescription: String

    init(_ path: String) {
        testDescription = path
        steps = path.split(whereSeparator: { $0 == "." || $0 == "[" || $0 == "]" }).map { part in
            Int(part).map(Step.index) ?? .key(String(part))
        }
    }

    static let all = [
        "cniVersion", "name", "type", "runtimeConfig", "args", "capabilities", "ipam", "dns", "prevResult",
        "dns.nameservers", "dns.nameservers[0]", "dns.domain", "dns.search", "dns.search[0]", "dns.options",
        "dns.options[0]", "prevResult.cniVersion", "prevResult.interfaces", "prevResult.interfaces[0]",
        "prevResult.interfaces[0].name", "prevResult.interfaces[0].mac", "prevResult.interfaces[0].sandbox",
        "prevResult.interfaces[0].mtu", "prevResult.interfaces[0].socketPath", "prevResult.interfaces[0].pciID",
        "prevResult.ips", "prevResult.ips[0]", "prevResult.ips[0].address", "prevResult.ips[0].gateway",
        "prevResult.ips[0].interface", "prevResult.routes", "prevResult.routes[0]", "prevResult.routes[0].dst",
        "prevResult.routes[0].gw", "prevResult.routes[0].mtu", "prevResult.routes[0].advmss",
        "prevResult.routes[0].priority", "prevResult.routes[0].table", "prevResult.routes[0].scope", "prevResult.dns",
        "prevResult.dns.nameservers[0]",
    ].map { KnownKey($0) }
}

extension JSONValue {
    /// The tree with another value at the end of the steps.
    fileprivate func replacing(_ steps: ArraySlice<KnownKey.Step>, by value: JSONValue) -> JSONValue {
        switch steps.first {
        case nil: return value
        case .key(let key):
            var copy = self
            copy[key] = (self[key] ?? .null).replacing(steps.dropFirst(), by: value)
            return copy
        case .index(let index):
            var elements = arrayValue ?? []
            elements[index] = elements[index].replacing(steps.dropFirst(), by: value)
            return .array(elements)
        }
    }

    /// The value at the end of the steps.
    fileprivate func value(at steps: [KnownKey.Step]) -> JSONValue? {
        steps.reduce(self) { value, step in
            switch step {
            case .key(let key): value?[key]
            case .index(let index): value?.arrayValue?[index]
            }
        }
    }
}

@Test func completeConfigurationIsAccepted() {
    #expect(invoke(variables("ADD"), complete.text()).exitCode == 0)
    #expect(invoke(variables("CHECK"), complete.text()).isSilentSuccess)
}

@Test(arguments: KnownKey.all)
func confusedKeyIsNamed(_ key: KnownKey) throws {
    let right = try #require(complete.value(at: key.steps))
    let wrong: [JSONValue] = [true, 5, -1, 1_000_000_000_000, "text\u{0}", [], [[]], [:], ["a": [nil]]]
    for value in wrong where value.kindName != right.kindName {
        let input = complete.replacing(key.steps[...], by: value).text()
        let observation = invoke(variables("ADD"), input)
        #expect(observation.isProperFailure, "\(input)")
        #expect(observation.code == 7)
        #expect(observation.details.hasPrefix("\(key.testDescription): expected "), "\(observation.details)")
        #expect(observation.details.contains(value.kindName))
    }
    // A null counts as absent; what cannot be absent is named all the same.
    let absent = invoke(variables("ADD"), complete.replacing(key.steps[...], by: .null).text())
    #expect(absent.exitCode == 0 || absent.isProperFailure)
}

/// A text where another is needed.
struct WrongText: Sendable, CustomTestStringConvertible {
    let path: String
    let value: JSONValue
    var testDescription: String { "\(path) \(value)" }

    init(_ path: String, _ value: JSONValue) {
        self.path = path
        self.value = value
    }

    static let all: [WrongText] = [
        .init("prevResult.ips[0].address", "10.0.0.2"), .init("prevResult.ips[0].address", "10.0.0.256/24"),
        .init("prevResult.ips[0].address", ""), .init("prevResult.ips[0].gateway", "10.0.0"),
        .init("prevResult.ips[0].interface", -1), .init("prevResult.ips[0].interface", 4_294_967_296),
        .init("prevResult.routes[0].dst", "default"), .init("prevResult.routes[0].gw", "fe80::1%eth0"),
        .init("prevResult.routes[0].table", -1), .init("prevResult.routes[0].mtu", 4_294_967_296),
    ]
}

@Test(arguments: WrongText.all)
func wrongTextIsNamed(_ row: WrongText) {
    let observation = invoke(
        variables("ADD"), complete.replacing(KnownKey(row.path).steps[...], by: row.value).text())
    #expect(observation.isProperFailure)
    #expect(observation.code == 7)
    #expect(observation.details.hasPrefix("\(row.path): expected "), "\(observation.details)")
    #expect(observation.details.contains(row.value.text()))
}

@Test func familyThatContradictsTheAddress() {
    let result: JSONValue = ["ips": [["version": "6", "address": "10.0.0.2/24"]]]
    let observation = invoke(variables("ADD"), config("0.4.0", ["prevResult": result]))
    #expect(observation.code == 7)
    #expect(observation.details.contains("prevResult.ips[0].version"))
}

@Test func deepHugeAndForeignInput() {
    let deep = #"{"cniVersion":"1.0.0","name":"net","x":"#
    let nested = deep + String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000) + "}"
    let observation = invoke(variables("ADD"), nested)
    #expect(observation.code == 6)
    #expect(observation.details.contains("nested too deeply"))
    let filler = String(repeating: "x", count: 5 << 20)
    #expect(invoke(variables("ADD"), config("1.0.0", ["x": .string(filler)])).code == 6)
    let fits = String(repeating: "x", count: 3 << 20)
    #expect(invoke(variables("ADD"), config("1.0.0", ["x": .string(fits)])).exitCode == 0)
    for foreign: [UInt8] in [[0xff, 0xfe], [0x7b, 0x22, 0xc0, 0x80, 0x22, 0x3a, 0x31, 0x7d], [0, 0, 0, 0x7b]] {
        #expect(invoke(variables("ADD"), foreign).code == 6)
    }
    #expect(invoke(variables("ADD"), Array(deep.utf8) + [0x22, 0xed, 0xa0, 0x80, 0x22, 0x7d]).code == 6)
}

@Test func manyUnknownMembersTakeLinearTime() {
    func members(_ count: Int) -> JSONValue {
        .object(JSONObject((0..<count).map { ("key\($0)", .integer($0)) }))
    }
    for count in [1000, 50_000] {
        var result = members(count)
        result["interfaces"] = [members(count)]
        let clock = ContinuousClock()
        var observation = Observation()
        let elapsed = clock.measure {
            observation = invoke(variables("ADD"), config("1.0.0", ["prevResult": result]))
        }
        #expect(observation.exitCode == 0)
        #expect(elapsed < .seconds(20), "\(count) members took \(elapsed)")
    }
}
