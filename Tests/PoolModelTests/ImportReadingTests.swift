import IPAMCore
import JSONTree
import PoolModel
import Testing

@Suite struct ImportReadingTests {
    // MARK: host-local

    struct Entry: CustomTestStringConvertible, Sendable {
        let name: String
        var content: HostLocalEntry.Content = .text("c1\r\neth0")
        /// `address container interface`, or a part of the complaint.
        let outcome: String

        var testDescription: String { "\(name): \(content)" }
    }

    static let entries: [Entry] = [
        Entry(name: "10.9.0.2", outcome: "10.9.0.2 c1 eth0"),
        Entry(name: "fd00:9::2", outcome: "fd00:9::2 c1 eth0"),
        Entry(name: "10.9.0.2", content: .text("c1"), outcome: "10.9.0.2 c1 ?"),
        Entry(name: "10.9.0.2", content: .text("c1\n"), outcome: "10.9.0.2 c1 ?"),
        Entry(name: "10.9.0.2", content: .text("c1\nnet1\n"), outcome: "10.9.0.2 c1 net1"),
        Entry(name: "lock", content: .text(""), outcome: ""),
        Entry(name: "last_reserved_ip.0", content: .text("10.9.0.3"), outcome: ""),
        Entry(name: "last_reserved_ip", content: .text("10.9.0.3"), outcome: ""),
        Entry(name: "10.9.0.2", content: .text(""), outcome: "the file is empty"),
        Entry(name: "10.9.0.2", content: .text(" \r\n"), outcome: "the file is empty"),
        Entry(name: "10.9.0.2", content: .text("a b\r\neth0"), outcome: "not a container ID"),
        Entry(name: "10.9.0.2", content: .text("../c\r\neth0"), outcome: "not a container ID"),
        Entry(name: "10.9.0.2", content: .text("c\r\nnot an interface"), outcome: "not the name of an interface"),
        Entry(name: "10.9.0.2", content: .text("c\r\nabcdefghijklmnop"), outcome: "not the name of an interface"),
        Entry(name: "10.9.0.2", content: .text("c\r\neth0\r\nmore"), outcome: "on a line each"),
        Entry(name: "10.9.0.256", outcome: "this is none"),
        Entry(name: "notes.txt", outcome: "this is none"),
        Entry(name: "fd00_9__2", outcome: "this is none"),
        Entry(name: "rack", content: .folder, outcome: "folder of each network"),
        Entry(name: "10.9.0.2", content: .unreadable("Permission denied"), outcome: "Permission denied"),
    ]

    @Test(arguments: entries) func readsHostLocal(_ file: Entry) throws {
        let entry = HostLocalEntry(network: "rack", path: "/n/rack/x", name: file.name, content: file.content)
        let reading = ImportReading(hostLocal: [entry])
        guard reading.problems.isEmpty else {
            #expect(reading.claims.isEmpty)
            let text = "\(reading.problems[0].error)"
            #expect(!file.outcome.isEmpty && text.contains(file.outcome), "\(text)")
            return
        }
        #expect(reading.claims.map(\.text).joined() == file.outcome)
        for claim in reading.claims {
            #expect(claim.network == "rack")
            #expect(claim.owner.uid == "c1")
            #expect(claim.file == "/n/rack/x")
        }
    }

    // MARK: Manifests

    struct Manifest: CustomTestStringConvertible, Sendable {
        let name: String
        let json: String
        var claims: [String] = []
        var problems: [String] = []

        var testDescription: String { name }
    }

    private static func pool(_ spec: String) -> String {
        #"{"apiVersion": "whereabouts.cni.cncf.io/v1alpha1", "kind": "IPPool", "metadata": {"name": "x"}, "spec": \#(spec)}"#
    }

    static let whereabouts: [Manifest] = [
        Manifest(
            name: "two families and an old record",
            json: pool(
                #"""
                {"range": "10.9.0.0/24", "allocations": {
                  "5": {"id": "c1", "podref": "shop/web-0", "ifname": "net1"}, "255": {"id": "c2", "podref": ""}}}
                """#),
            claims: ["10.9.0.5 c1 net1 shop/web-0", "10.9.0.255 c2 ?"]),
        Manifest(
            name: "IPv6 beyond 64 bits",
            json: pool(
                #"{"range": "fd00::/32", "allocations": {"18446744073709551616": {"id": "c", "ifname": "a", "podref": "w"}}}"#
            ), claims: ["fd00:0:0:1:: c a /w"]),
        Manifest(name: "nothing in use", json: pool(#"{"range": "10.9.0.0/24", "allocations": {}}"#)),
        Manifest(name: "no table", json: pool(#"{"range": "10.9.0.0/24"}"#)),
        Manifest(
            name: "a repetition",
            json: #"{"apiVersion": "whereabouts.cni.cncf.io/v1alpha1", "kind": "OverlappingRangeIPReservation"}"#),
        Manifest(
            name: "host bits", json: pool(#"{"range": "10.9.0.1/24", "allocations": {}}"#), problems: ["spec.range"]),
        Manifest(name: "no range", json: pool(#"{"allocations": {}}"#), problems: ["spec.range"]),
        Manifest(name: "no spec", json: pool("null"), problems: ["spec"]),
        Manifest(
            name: "one wrong record beside a good one",
            json: pool(#"{"range": "10.9.0.0/24", "allocations": {"256": {"id": "c"}, "1": {"id": "d"}}}"#),
            claims: ["10.9.0.1 d ?"], problems: ["spec.allocations.256"]),
        Manifest(
            name: "keys that are no numbers",
            json: pool(
                #"{"range": "10.9.0.0/24", "allocations": {"-1": {"id": "c"}, "+1": {"id": "c"}, "": {"id": "c"}}}"#),
            problems: ["spec.allocations.-1", "spec.allocations[+1]", "spec.allocations[]"]),
        Manifest(
            name: "records of the wrong shape",
            json: pool(
                #"""
                {"range": "10.9.0.0/24", "allocations": {"1": "c", "2": null, "3": {}, "4": {"id": ""},
                  "5": {"id": 5}, "6": {"id": "c", "ifname": "a/b"}, "7": {"id": "c", "podref": 1}}}
                """#),
            problems: [
                "spec.allocations.1", "spec.allocations.2", "spec.allocations.3.id", "spec.allocations.4.id",
                "spec.allocations.5.id", "spec.allocations.6.ifname", "spec.allocations.7.podref",
            ]),
        Manifest(name: "another kind", json: #"{"apiVersion": "v1", "kind": "Pod"}"#, problems: ["apiVersion"]),
        Manifest(
            name: "another kind of the group",
            json: #"{"apiVersion": "whereabouts.cni.cncf.io/v1alpha1", "kind": "Thing"}"#, problems: ["kind"]),
        Manifest(name: "no object", json: "[]", problems: [""]),
    ]

    @Test(arguments: whereabouts) func readsWhereabouts(_ row: Manifest) throws {
        try compare(ImportReading(whereabouts: [document(row.json)]), row)
    }

    private static func allocations(_ allocated: String) -> String {
        let text = JSONValue.string(allocated).text(.compact)
        return #"""
            {"apiVersion": "spiderpool.spidernet.io/v2beta1", "kind": "SpiderIPPool", "metadata": {"name": "a"},
             "spec": {"subnet": "10.6.0.0/16"}, "status": {"allocatedIPs": \#(text)}}
            """#
    }

    static func endpoint(_ current: String) -> String {
        #"""
        {"apiVersion": "spiderpool.spidernet.io/v2beta1", "kind": "SpiderEndpoint",
         "metadata": {"name": "web-0", "namespace": "shop"},
         "status": {"current": \#(current), "ownerControllerType": "StatefulSet", "ownerControllerName": "web"}}
        """#
    }

    static let spiderpool: [Manifest] = [
        Manifest(
            name: "a pool",
            json: allocations(
                #"{"10.6.0.5":{"pod":"shop/web-0","podUid":"u1"},"10.6.0.6":{"pod":"u2","podUid":"u2"}}"#),
            claims: ["10.6.0.5 u1 ? shop/web-0", "10.6.0.6 u2 ?"]),
        Manifest(
            name: "a fixed identity", json: allocations(#"{"10.6.0.5":{"pod":"db","podUid":"rack/db"}}"#),
            claims: ["10.6.0.5 rack/db ? /db"]),
        Manifest(
            name: "no UID", json: allocations(#"{"10.6.0.5":{"podUid":""},"10.6.0.6":{"podUid":"a\nb"}}"#),
            problems: ["status.allocatedIPs[10.6.0.5].podUid", "status.allocatedIPs[10.6.0.6].podUid"]),
        Manifest(name: "nothing in use", json: allocations("")),
        Manifest(name: "not JSON", json: allocations("{"), problems: ["status.allocatedIPs"]),
        Manifest(name: "no table", json: allocations("[]"), problems: ["status.allocatedIPs"]),
        Manifest(
            name: "records of the wrong shape",
            json: allocations(
                #"{"10.6.0":{"podUid":"u"},"10.6.0.1":{},"10.6.0.2":"x","10.6.0.3":{"podUid":"u","pod":3}}"#),
            problems: [
                "status.allocatedIPs", "status.allocatedIPs[10.6.0.1].podUid", "status.allocatedIPs[10.6.0.2]",
                "status.allocatedIPs[10.6.0.3].pod",
            ]),
        Manifest(
            name: "an endpoint alone",
            json: endpoint(
                #"""
                {"uid": "u1", "node": "n1", "ips": [
                  {"interface": "net1", "ipv4": "10.6.0.5/16", "ipv4Pool": "a", "ipv6": "fd00::5/64"}]}
                """#),
            claims: ["10.6.0.5 u1 net1 shop/web-0", "fd00::5 u1 net1 shop/web-0"]),
        Manifest(name: "an endpoint without UID", json: endpoint(#"{"ips": []}"#), problems: ["status.current.uid"]),
        Manifest(
            name: "an endpoint with a wrong address",
            json: endpoint(#"{"uid": "u1", "ips": [{"interface": "net1", "ipv4": "10.6/16"}]}"#),
            problems: ["status.current.ips[0].ipv4"]),
        Manifest(
            name: "an unknown kind", json: #"{"apiVersion": "v1", "kind": "Pod"}"#, problems: ["apiVersion", "kind"]),
    ]

    @Test(arguments: spiderpool) func readsSpiderpool(_ row: Manifest) throws {
        try compare(ImportReading(spiderpool: [document(row.json)]), row)
    }

    @Test func anEndpointCompletesThePool() throws {
        let reading = ImportReading(spiderpool: [
            try document(
                Self.endpoint(#"{"uid": "u1", "node": "n1", "ips": [{"interface": "net1", "ipv4": "10.6.0.5/16"}]}"#)),
            try document(Self.allocations(#"{"10.6.0.5":{"pod":"shop/web-0","podUid":"u1"}}"#)),
        ])
        let claim = try #require(reading.claims.first)
        #expect(reading.claims.count == 1)
        #expect(claim.text == "10.6.0.5 u1 net1 shop/web-0")
        #expect(claim.pool == "a")
        #expect(claim.node == "n1")
        #expect(claim.owner.controllerKind == "StatefulSet")
        #expect(claim.owner.controllerName == "web")
        #expect(reading.resources.map(\.resource.name) == ["a"])
    }

    @Test func twoOwnersOfOneAddressBothStay() throws {
        let reading = ImportReading(spiderpool: [
            try document(Self.endpoint(#"{"uid": "u2", "ips": [{"interface": "net1", "ipv4": "10.6.0.5/16"}]}"#)),
            try document(Self.allocations(#"{"10.6.0.5":{"pod":"shop/web-0","podUid":"u1"}}"#)),
        ])
        #expect(reading.claims.map(\.owner.uid) == ["u1", "u2"])
    }

    private func document(_ json: String) throws -> ImportReading.Document {
        ImportReading.Document(file: "f.yaml", tree: try JSONValue(parsing: json))
    }

    private func compare(_ reading: ImportReading, _ row: Manifest) throws {
        #expect(reading.claims.map(\.text) == row.claims)
        #expect(reading.problems.map { "\($0.error.path)" } == row.problems)
    }
}

extension ImportedClaim {
    fileprivate var text: String {
        let pod = owner.name.isEmpty ? "" : " \(owner.namespace)/\(owner.name)"
        return "\(address) \(containerID) \(interface ?? "?")\(pod)"
    }
}
