import CNITypes
import Glibc
import IPAMPlugin
import JSONTree
import Testing

/// A key of the `ipam` section with a value of the wrong type.
struct WrongKeyRow: Sendable, CustomTestStringConvertible {
    let key: String
    let value: JSONValue
    var testDescription: String { "\(key): \(value.text())" }
}

@Suite struct PluginSettingsTests {
    static let wrongKeys = [
        WrongKeyRow(key: "mode", value: "clustered"), WrongKeyRow(key: "mode", value: 1),
        WrongKeyRow(key: "store", value: "relative/path"), WrongKeyRow(key: "store", value: true),
        WrongKeyRow(key: "default_ipv4_ippool", value: "a"), WrongKeyRow(key: "default_ipv4_ippool", value: ["a", 1]),
        WrongKeyRow(key: "default_ipv6_ippool", value: [:]), WrongKeyRow(key: "default_ipv4_ippool", value: [""]),
        WrongKeyRow(key: "family_policy", value: "ipv4"), WrongKeyRow(key: "identity", value: ""),
        WrongKeyRow(key: "identity", value: "a b"), WrongKeyRow(key: "clean_gateway", value: "true"),
        WrongKeyRow(key: "match_master_subnet", value: 0),
        WrongKeyRow(key: "ipam_unix_socket_path", value: []), WrongKeyRow(key: "log_level", value: "loud"),
        WrongKeyRow(key: "log_file_path", value: 5), WrongKeyRow(key: "log_file_max_size", value: "many"),
        WrongKeyRow(key: "log_file_max_age", value: [1]), WrongKeyRow(key: "log_file_max_count", value: 1_000_000_000),
        WrongKeyRow(key: "workloads", value: "relative.json"),
        WrongKeyRow(key: "enableIPConflictDetection", value: "true"),
        WrongKeyRow(key: "enableGatewayDetection", value: 1),
    ]

    @Test func everyKeyThatIsDocumentedIsWrongOnce() throws {
        let page = try #require(Repository.text(of: "docs/cni-configuration.md"))
        let keys = page.split(separator: "## Environment")[0].split(separator: "\n").compactMap { line -> Substring? in
            guard line.hasPrefix("| `"), let key = line.dropFirst(3).split(separator: "`").first else { return nil }
            return key.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } ? key : nil
        }
        #expect(keys.count > 10)
        // Who the plugin is and where it was asked from is the runtime's business.
        let others: Set<Substring> = ["type", "name", "ipam", "cniVersion", "prevResult", "IP"]
        for key in keys where !others.contains(key) {
            #expect(Self.wrongKeys.contains { $0.key == key }, "no wrong value for ipam.\(key)")
        }
    }

    @Test(arguments: wrongKeys)
    func aWrongKeyIsNamed(_ row: WrongKeyRow) throws {
        let host = try Host()
        var keys: JSONObject = ["default_ipv4_ippool": ["a"]]
        keys[row.key] = row.value
        let outcome = try host.run("ADD", host.configuration(keys))
        #expect(outcome.status == 1)
        #expect(outcome.document?["code"] == 7)
        #expect(outcome.document?["details"]?.stringValue?.contains("ipam.\(row.key)") == true, "\(outcome.refusal)")
        #expect(try host.claims() == [])
    }

    @Test func whatIsToleratedIsTolerated() throws {
        let host = try Host()
        let keys: JSONObject = [
            "Default_IPv4_IPPool": ["a"], "log_file_max_size": "100", "log_file_max_count": 0, "LOG_LEVEL": "INFO",
            "something": ["else": 1],
        ]
        #expect(try host.add(host.configuration(keys)) == ["10.6.168.101/16"])
    }

    @Test func theTruthIsAlwaysSaid() throws {
        let host = try Host()
        try #require(access(HostSettings.defaultPath, F_OK) != 0, "this host has settings of its own")
        let silent = try host.run("ADD", host.configuration(["mode": .null]))
        #expect(silent.refusal.hasPrefix("7 it is not configured where addresses are kept; ipam.mode"))
        let socket = "/nowhere/agent.sock"
        let cluster = try host.run(
            "ADD", host.configuration(["mode": "cluster", "ipam_unix_socket_path": .string(socket)]))
        #expect(cluster.refusal.hasPrefix("4 CNI_ARGS does not name the Pod"))
        #expect(try host.claims() == [])
    }

    @Test func theHostsSettingsAreRead() throws {
        let folder = TemporaryFolder()
        folder.write(
            #"{"mode": "embedded", "store": "/srv/ipam.db", "nodeName": "rack-7", "enableGatewayDetection": true}"#,
            to: "host.json")
        let settings = try HostSettings(readingFrom: folder.path("host.json"))
        #expect(settings.mode == .embedded)
        #expect(settings.store == "/srv/ipam.db")
        #expect(settings.nodeName == "rack-7")
        #expect(settings.detection == DetectionSettings(asksGateways: true))
        #expect(try HostSettings(readingFrom: folder.path("missing.json")) == HostSettings())
    }

    static let wrongHostSettings = [
        "", "{", "[]", #"{"mode": "both"}"#, #"{"mode": 1}"#, #"{"store": "x"}"#, #"{"store": 1}"#,
        #"{"workloads": "x.json"}"#, #"{"workloads": []}"#, #"{"nodeName": ""}"#, #"{"nodeName": 1}"#,
        #"{"Mode": "embedded"}"#, #"{"enableIPConflictDetection": 1}"#, #"{"enableIPConflictDetection": "true"}"#,
        #"{"enableGatewayDetection": 0}"#, #"{"enableGatewayDetection": []}"#,
    ]

    @Test(arguments: wrongHostSettings)
    func wrongHostSettingsAreRefused(text: String) throws {
        let folder = TemporaryFolder()
        folder.write(text, to: "host.json")
        let error = try #require(throws: CNIError.self) { try HostSettings(readingFrom: folder.path("host.json")) }
        #expect(error.details.contains(folder.path("host.json")))
        guard let key = text.split(separator: "\"").dropFirst().first else { return }
        #expect(error.details.contains(key), "\(error.details)")
    }

    @Test func everyHostSettingIsWrongOnce() throws {
        let folder = TemporaryFolder()
        folder.write(#"{"x": 1}"#, to: "host.json")
        let error = try #require(throws: CNIError.self) { try HostSettings(readingFrom: folder.path("host.json")) }
        let keys = try #require(error.details.split(separator: "the keys are ").last).split(separator: ", ")
        #expect(keys.count > 3)
        for key in keys {
            #expect(Self.wrongHostSettings.count { $0.contains("\"\(key)\":") } > 1, "no wrong values for \(key)")
        }
    }

    @Test func theStateFileIsNeitherMadeNorGuessedNorHarmed() throws {
        let missing = try Host(nil)
        #expect(try missing.run("ADD").refusal.hasPrefix("5 spiderpool IP allocation error; state file"))
        #expect(try missing.run("DEL").status == 0)
        #expect(!missing.folder.contains("ipam.db"))
        let foreign = try Host(nil)
        let text = String(repeating: "something else entirely\n", count: 200)
        foreign.folder.write(text, to: "ipam.db")
        #expect(try foreign.run("ADD").refusal.contains("is not a state file of this program"))
        #expect(try foreign.run("DEL").status == 1)
        #expect(foreign.folder.read("ipam.db") == text)
    }

    @Test func theLogHasOneObjectALine() throws {
        let host = try Host()
        let pod = "K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web;K8S_POD_UID=u"
        _ = try host.add(arguments: pod)
        _ = try host.run("ADD", host.configuration(["default_ipv4_ippool": ["nope"]]), container: "other")
        _ = try host.run("DEL")
        let lines = host.folder.read("log/plugin.log").split(separator: "\n").map {
            try? JSONValue(parsing: String($0))
        }
        #expect(lines.count == 3)
        #expect(lines.map { $0?["Action"]?.stringValue } == ["ADD", "ADD", "DEL"])
        #expect(lines.map { $0?["level"]?.stringValue } == ["INFO", "ERROR", "INFO"])
        let first = try #require(lines[0])
        for (key, value) in [
            ("ContainerID", "box"), ("IfName", "eth0"), ("PodName", "web"), ("PodNamespace", "shop"), ("PodUID", "u"),
        ] {
            #expect(first[key]?.stringValue == value)
        }
        #expect(first["ips"] == ["10.6.168.101/16"])
        #expect(lines[1]?["details"]?.stringValue?.contains("no such IPPool nope") == true)
    }

    @Test func aFullLogIsRotatedAndAnUnwritableOneHarmsNobody() throws {
        let host = try Host()
        mkdir(host.folder.path("log"), 0o700)
        host.folder.write(String(repeating: "x", count: 1 << 20), to: "log/plugin.log")
        _ = try host.add(host.configuration(["default_ipv4_ippool": ["a"], "log_file_max_size": 1]))
        _ = try host.add(host.configuration(["default_ipv4_ippool": ["a"], "log_file_max_size": 1]))
        #expect(host.folder.read("log/plugin.log").split(separator: "\n").count == 1)
        let unwritable = try host.run(
            "ADD", host.configuration(["default_ipv4_ippool": ["a"], "log_file_path": "/proc/nowhere/x.log"]))
        #expect(unwritable.status == 0)
        #expect(unwritable.diagnostics.contains("cannot write the log /proc/nowhere/x.log"))
        try Program.system("mkfifo", host.folder.path("pipe"), in: host.folder)
        for path in ["/dev/stdout", host.folder.path("pipe")] {
            let special = try host.run(
                "ADD", host.configuration(["default_ipv4_ippool": ["a"], "log_file_path": .string(path)]))
            #expect(special.status == 0)
            #expect(special.document?["ips"] != nil, "\(special.output)")
            #expect(special.diagnostics.contains("cannot write the log \(path)"))
        }
    }
}
