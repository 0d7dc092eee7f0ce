import CNITypes
import Foundation
import IPAMCore
import JSONTree
import Testing

/// The text of a golden file.
func golden(_ name: String) throws -> String {
    let url = Bundle.module.bundleURL.appending(path: "Goldens/\(name)")
    return try String(contentsOf: url, encoding: .utf8)
}

extension CNIResult {
    /// The result that the goldens show in every version.
    static func sample() throws -> CNIResult {
        let v4 = CNIAddress(
            try InterfaceAddress(parsing: "172.22.4.10/16"), gateway: try IPAddress(parsing: "172.22.0.1"), interface: 1
        )
        let v6 = CNIAddress(
            try InterfaceAddress(parsing: "fd00:172:22::0a/64"), gateway: try IPAddress(parsing: "fd00:172:22:0::1"),
            interface: 1)
        return CNIResult(
            interfaces: [
                CNIInterface(name: "veth1", mac: "0a:00:00:00:00:01"),
                CNIInterface(
                    name: "eth0", mac: "0a:1b:ac:16:04:0a", sandbox: "/var/run/netns/p", mtuBytes: 1500,
                    socketPath: "/run/vhost/0", pciID: "0000:3b:02.1"),
            ],
            ips: [v4, v6],
            routes: [
                CNIRoute(try CIDR(parsing: "0.0.0.0/0"), gateway: try IPAddress(parsing: "172.22.0.1"), priority: 0),
                CNIRoute(
                    try CIDR(parsing: "fd00:10::/32"), mtuBytes: 1400, advertisedMSSBytes: 1360, table: 101, scope: 253),
            ],
            dns: CNIDNS(nameservers: ["10.96.0.10"], domain: "local", search: ["a.local", "b"], options: ["ndots:5"]))
    }

    /// The same without what came with 1.1.0.
    static func narrowSample() throws -> CNIResult {
        var result = try sample()
        for index in result.interfaces.indices {
            result.interfaces[index].mtuBytes = nil
            result.interfaces[index].socketPath = nil
            result.interfaces[index].pciID = nil
        }
        result.routes = result.routes.map { CNIRoute($0.destination, gateway: $0.gateway) }
        return result
    }
}

@Test(arguments: CNIVersion.allCases)
func resultOfEachVersion(_ version: CNIVersion) throws {
    let text = try golden("result-\(version).json")
    #expect(try CNIResult.sample().json(version: version).text(.pretty) + "\n" == text)
    let read = try CNIResult(JSONValue(parsing: text), version: .v030)
    #expect(try read == (version == .v110 ? .sample() : .narrowSample()))
    // Without a version of its own, the result is in that of the configuration.
    var document = try JSONValue(parsing: text)
    document["cniVersion"] = nil
    #expect(try CNIResult(document, version: version) == read)
}

@Test(arguments: CNIVersion.allCases, CNIVersion.allCases)
func convertsFromEachVersionToEach(_ from: CNIVersion, _ to: CNIVersion) throws {
    let result = try CNIResult(JSONValue(parsing: golden("result-\(from).json")), version: from)
    let converted = result.json(version: to)
    let keepsAll = from == .v110 && to == .v110
    let expected = try (keepsAll ? CNIResult.sample() : .narrowSample()).json(version: to)
    #expect(converted == expected)
    let addresses = try #require(converted["ips"]?.arrayValue)
    #expect(addresses.map { $0["version"]?.stringValue } == (to < .v100 ? ["4", "6"] : [nil, nil]))
    #expect((converted["interfaces"]?.arrayValue?[1]["mtu"] != nil) == keepsAll)
    #expect((converted["routes"]?.arrayValue?[1]["table"] != nil) == keepsAll)
    #expect(converted["cniVersion"]?.stringValue == to.rawValue)
}

@Test func errorAndVersionDocuments() throws {
    let error = CNIError(
        .invalidConfiguration, "invalid network config", details: "vethMTU: expected an integer, got string \"1500\"")
    #expect(try error.json(version: .v100).text(.pretty) + "\n" == golden("error.json"))
    #expect(CNIError(error.json(version: .v100)) == error)
    #expect(error.description == "\(error.message); \(error.details)")
    let report = CNIVersion.report(answering: "0.4.0", supported: CNIVersion.allCases)
    #expect(try report.text(.pretty) + "\n" == golden("version.json"))
}

@Test func errorObjectsOfOthers() throws {
    #expect(CNIError(["code": 11, "msg": "later"])?.code == .tryAgainLater)
    #expect(CNIError(["msg": "no code"])?.code == .internalError)
    #expect(CNIError(["code": 4242])?.code.rawValue == 4242)
    for none: JSONValue in [[:], [], "x", ["code": 0], ["code": -1], ["code": "7"], ["cniVersion": "1.0.0"]] {
        #expect(CNIError(none) == nil)
    }
}

@Test func emptyResultsAreEmptyAndTolerated() throws {
    for text in ["{}", #"{"dns":{}}"#, #"{"interfaces":[],"ips":null,"routes":[],"dns":null}"#] {
        let result = try CNIResult(JSONValue(parsing: text), version: .v031)
        #expect(result == CNIResult())
        #expect(result.json(version: .v031) == ["cniVersion": "0.3.1"])
    }
}

/// A previous result that has to come out of a chained plugin that changes nothing as it went in.
struct PassedResult: Sendable, CustomTestStringConvertible {
    let version: String
    let text: String
    var testDescription: String { "\(version) \(text)" }

    static let all: [PassedResult] = [
        .init(
            version: "0.3.1",
            text: """
                {"cniVersion":"0.3.1","interfaces":[{"name":"eth0","mac":"0a:1b:ac:16:04:0a","sandbox":"/var/run/netns/p"}],
                 "ips":[{"version":"4","interface":0,"address":"172.22.4.10/16","gateway":"172.22.0.1"}],
                 "routes":[{"dst":"0.0.0.0/0","gw":"172.22.0.1"}]}
                """),
        .init(
            version: "1.1.0",
            text: """
                {"cniVersion":"1.1.0","x":{"deep":[1,2.50,1e400]},
                 "interfaces":[{"name":"eth0","mtu":1500,"x":1},{"name":"ib0","mac":"80:00:02:08:fe:80:00:00:00:00:00:00:f4:52:14:03:00:7b:cb:a1"}],
                 "ips":[{"interface":0,"address":"172.22.4.10/16","version":"4","x":null}],
                 "routes":[{"dst":"0.0.0.0/0","gw":"172.22.0.1","priority":0,"table":101,"x":"y"}],
                 "dns":{"nameservers":["10.0.0.1"],"x":true}}
                """),
        // What 0.4.0 does not define is unknown there, and stays.
        .init(
            version: "0.4.0",
            text: """
                {"cniVersion":"0.4.0","interfaces":[{"name":"eth0","mtu":1500}],
                 "ips":[{"version":"6","address":"fd00::1/64"}],"routes":[{"dst":"fd00::/8","table":"main"}]}
                """),
    ]
}

@Test(arguments: PassedResult.all)
func passesOnWhatItDoesNotKnow(_ row: PassedResult) throws {
    let result = try JSONValue(parsing: row.text)
    let observation = invoke(variables("ADD"), config(row.version, ["prevResult": result]))
    #expect(observation.document == result)
    // The runtime may leave the inner version out.
    var bare = result
    bare["cniVersion"] = nil
    #expect(invoke(variables("ADD"), config(row.version, ["prevResult": bare])).document == result)
}

@Test func changesOnlyWhatItMeansToChange() throws {
    let before = try JSONValue(parsing: PassedResult.all[1].text)
    let plugin = StubPlugin(onAdd: { request throws(CNIError) in
        var result = try request.requirePreviousResult()
        result.interfaces[0].mac = "0a:1b:ac:16:04:0a"
        result.interfaces.append(CNIInterface(name: "veth0"))
        return result
    })
    let after = invoke(variables("ADD"), config("1.1.0", ["prevResult": before]), plugin).document
    var expected = before
    expected["interfaces"] = .array([
        ["name": "eth0", "mtu": 1500, "x": 1, "mac": "0a:1b:ac:16:04:0a"],
        try #require(before["interfaces"]?.arrayValue?[1]), ["name": "veth0"],
    ])
    #expect(after == expected)
}

@Test func previousResultOfAnotherVersionIsConverted() throws {
    let old: JSONValue = ["cniVersion": "0.4.0", "ips": [["version": "4", "address": "10.0.0.2/24"]]]
    let observation = invoke(variables("ADD"), config("1.0.0", ["prevResult": old]))
    #expect(observation.document == ["cniVersion": "1.0.0", "ips": [["address": "10.0.0.2/24"]]])
    let unknown = invoke(variables("ADD"), config("1.0.0", ["prevResult": ["cniVersion": "0.2.0"]]))
    #expect(unknown.isProperFailure)
    #expect(unknown.code == 6)
    #expect(unknown.details.contains("prevResult.cniVersion"))
}

@Test func mappedAddressCountsAsIPv4() throws {
    let result = try CNIResult(["ips": [["address": "::ffff:10.0.0.2/120"]]], version: .v100)
    #expect(result.json(version: .v040)["ips"]?.arrayValue?.first?["version"] == "4")
}

@Test func addressOfAnInterfaceKeepsItsHostBits() throws {
    let address = try InterfaceAddress(parsing: "FD00:0::9/64")
    #expect(address.description == "fd00::9/64")
    #expect(address.network.description == "fd00::/64")
    #expect(address.family == .ipv6)
    #expect(InterfaceAddress(address.address, prefixLength: 129) == nil)
    for bad in ["10.0.0.1", "10.0.0.1/33", "10.0.0.1/", "/24", "10.0.0.1/-1", "10.0.0.1/024", "a/1", ""] {
        #expect(InterfaceAddress(bad) == nil)
    }
}

@Test func interfaceOfAnAddressIsLookedUpSafely() throws {
    var result = try CNIResult.sample()
    #expect(result.interface(of: result.ips[0])?.name == "eth0")
    #expect(result.interfaces[1].macAddress == MACAddress("0a:1b:ac:16:04:0a"))
    result.ips[0].interface = 9
    #expect(result.interface(of: result.ips[0]) == nil)
    result.ips[0].interface = nil
    #expect(result.interface(of: result.ips[0]) == nil)
}
