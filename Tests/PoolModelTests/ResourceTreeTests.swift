import JSONTree
import PoolModel
import Testing

struct TreeRow: Sendable, CustomTestStringConvertible {
    /// Where the wrong value goes, as a list of keys below the manifest.
    let path: [String]
    /// The wrong value as JSON; `nil` removes the field.
    let value: String?
    /// The types and paths of all errors.
    let places: [String]
    /// What the first message must contain.
    let remedy: String
    var testDescription: String { "\(path.joined(separator: ".")) = \(value ?? "nothing")" }

    init(_ path: String, _ value: String?, _ place: String, _ remedy: String) {
        self.path = path.split(separator: ".").map(String.init)
        self.value = value
        places = [place]
        self.remedy = remedy
    }

    func apply(to tree: JSONValue) throws -> JSONValue {
        try Self.replace(path[...], in: tree, with: value.map { try JSONValue(parsing: $0) })
    }

    private static func replace(_ path: ArraySlice<String>, in tree: JSONValue, with value: JSONValue?) throws
        -> JSONValue
    {
        let key = try #require(path.first)
        var object = tree.objectValue ?? [:]
        object[key] = path.count == 1 ? value : try replace(path.dropFirst(), in: object[key] ?? [:], with: value)
        return .object(object)
    }
}

@Suite struct ResourceTreeTests {
    static let fullPool = """
        {"apiVersion": "spiderpool.spidernet.io/v2beta1", "kind": "SpiderIPPool",
         "metadata": {"name": "rack-a", "labels": {"a": "1"}, "annotations": {"note": "x y"},
          "finalizers": ["spiderpool.spidernet.io"], "creationTimestamp": "2026-01-31T12:00:00Z", "uid": "u-1",
          "resourceVersion": "17", "generation": 3, "ownerReferences": [{"kind": "SpiderSubnet", "name": "s"}]},
         "spec": {"ipVersion": 4, "subnet": "10.6.0.0/16", "ips": ["10.6.168.101-10.6.168.110"],
          "excludeIPs": ["10.6.168.105"], "gateway": "10.6.0.1",
          "routes": [{"dst": "172.20.0.0/16", "gw": "10.6.0.254"}],
          "podAffinity": {"matchLabels": {"app": "web"},
           "matchExpressions": [{"key": "tier", "operator": "In", "values": ["front", "back"]}]},
          "namespaceAffinity": {"matchLabels": {"team": "red"}}, "namespaceName": ["default"],
          "nodeAffinity": {"matchExpressions": [{"key": "zone", "operator": "Exists"}]}, "nodeName": ["n7", "n8"],
          "multusName": ["kube-system/mv100"], "default": true, "disable": true},
         "status": {"allocatedIPCount": 1, "allocatedIPs": "{}", "totalIPCount": 9}}
        """

    static let poolRows: [TreeRow] = [
        TreeRow("apiVersion", "\"v1\"", "FieldValueNotSupported apiVersion", "spiderpool.spidernet.io/v2beta1"),
        TreeRow("apiVersion", nil, "FieldValueRequired apiVersion", "a value is needed"),
        TreeRow("apiVersion", "2", "FieldValueTypeInvalid apiVersion", "in quotes"),
        TreeRow("kind", "\"SpiderSubnet\"", "FieldValueNotSupported kind", "SpiderIPPool"),
        TreeRow("kind", nil, "FieldValueRequired kind", "a value is needed"),
        TreeRow("sepc", "{}", "FieldValueForbidden sepc", "did you mean \"spec\"?"),
        TreeRow("metadata", nil, "FieldValueRequired metadata", "a value is needed"),
        TreeRow("metadata", "[]", "FieldValueTypeInvalid metadata", "write members"),
        TreeRow("metadata.name", nil, "FieldValueRequired metadata.name", "a value is needed"),
        TreeRow("metadata.name", "7", "FieldValueTypeInvalid metadata.name", "in quotes"),
        TreeRow("metadata.labels", "[\"a\"]", "FieldValueTypeInvalid metadata.labels", "write members"),
        TreeRow("metadata.labels.a", "1", "FieldValueTypeInvalid metadata.labels.a", "in quotes"),
        TreeRow("metadata.annotations", "{\"n\": true}", "FieldValueTypeInvalid metadata.annotations.n", "in quotes"),
        TreeRow("metadata.finalizers", "\"f\"", "FieldValueTypeInvalid metadata.finalizers", "write a list"),
        TreeRow(
            "metadata.creationTimestamp", "\"yesterday\"", "FieldValueInvalid metadata.creationTimestamp",
            "write it like"),
        TreeRow("metadata.deletionTimestamp", "5", "FieldValueTypeInvalid metadata.deletionTimestamp", "in quotes"),
        TreeRow("metadata.uid", "5", "FieldValueTypeInvalid metadata.uid", "in quotes"),
        TreeRow("metadata.resourceVersion", "5", "FieldValueTypeInvalid metadata.resourceVersion", "in quotes"),
        TreeRow("metadata.generation", "\"5\"", "FieldValueTypeInvalid metadata.generation", "without quotes"),
        TreeRow("metadata.generation", "-1", "FieldValueInvalid metadata.generation", "0 or more"),
        TreeRow("spec", nil, "FieldValueRequired spec", "a value is needed"),
        TreeRow("spec", "[]", "FieldValueTypeInvalid spec", "write members"),
        TreeRow("spec.ipVersion", "\"4\"", "FieldValueTypeInvalid spec.ipVersion", "without quotes"),
        TreeRow("spec.ipVersion", "4.5", "FieldValueTypeInvalid spec.ipVersion", "correct the value"),
        TreeRow("spec.subnet", nil, "FieldValueRequired spec.subnet", "a value is needed"),
        TreeRow("spec.subnet", "null", "FieldValueRequired spec.subnet", "a value is needed"),
        TreeRow("spec.subnet", "[\"10.0.0.0/8\"]", "FieldValueTypeInvalid spec.subnet", "write a text"),
        TreeRow("spec.ips", "\"10.6.0.1\"", "FieldValueTypeInvalid spec.ips", "write a list"),
        TreeRow("spec.ips", "[\"10.6.0.1\", 5]", "FieldValueTypeInvalid spec.ips[1]", "in quotes"),
        TreeRow("spec.excludeIPs", "{}", "FieldValueTypeInvalid spec.excludeIPs", "write a list"),
        TreeRow("spec.gateway", "10.6", "FieldValueTypeInvalid spec.gateway", "in quotes"),
        TreeRow("spec.routes", "{}", "FieldValueTypeInvalid spec.routes", "write a list"),
        TreeRow("spec.routes", "[5]", "FieldValueTypeInvalid spec.routes[0]", "write members"),
        TreeRow(
            "spec.routes", "[{\"gw\": \"10.6.0.2\"}]", "FieldValueRequired spec.routes[0].dst", "a value is needed"),
        TreeRow(
            "spec.routes", "[{\"dst\": \"10.0.0.0/8\", \"gw\": 1}]", "FieldValueTypeInvalid spec.routes[0].gw",
            "in quotes"),
        TreeRow(
            "spec.routes", "[{\"dst\": \"10.0.0.0/8\", \"gw\": \"10.6.0.2\", \"via\": \"x\"}]",
            "FieldValueForbidden spec.routes[0].via", "known here: dst, gw"),
        TreeRow("spec.podAffinity", "\"app=web\"", "FieldValueTypeInvalid spec.podAffinity", "write members"),
        TreeRow(
            "spec.podAffinity", "{\"matchLabel\": {}}", "FieldValueForbidden spec.podAffinity.matchLabel",
            "did you mean \"matchLabels\"?"),
        TreeRow(
            "spec.podAffinity.matchLabels", "{\"app\": 1}", "FieldValueTypeInvalid spec.podAffinity.matchLabels.app",
            "in quotes"),
        TreeRow(
            "spec.namespaceAffinity", "{\"matchExpressions\": [{\"operator\": \"Exists\"}]}",
            "FieldValueRequired spec.namespaceAffinity.matchExpressions[0].key", "a value is needed"),
        TreeRow("spec.namespaceName", "\"default\"", "FieldValueTypeInvalid spec.namespaceName", "write a list"),
        TreeRow(
            "spec.nodeAffinity", "{\"matchExpressions\": [{\"key\": \"a\", \"operator\": \"In\", \"values\": \"b\"}]}",
            "FieldValueTypeInvalid spec.nodeAffinity.matchExpressions[0].values", "write a list"),
        TreeRow("spec.nodeName", "[true]", "FieldValueTypeInvalid spec.nodeName[0]", "in quotes"),
        TreeRow("spec.multusName", "\"a/b\"", "FieldValueTypeInvalid spec.multusName", "write a list"),
        TreeRow("spec.default", "\"yes\"", "FieldValueTypeInvalid spec.default", "true or false"),
        TreeRow("spec.disable", "1", "FieldValueTypeInvalid spec.disable", "true or false"),
        TreeRow("spec.excludeIps", "[]", "FieldValueForbidden spec.excludeIps", "did you mean \"excludeIPs\"?"),
        TreeRow("spec.gatway", "\"x\"", "FieldValueForbidden spec.gatway", "did you mean \"gateway\"?"),
        TreeRow("spec.vlan", "5", "FieldValueForbidden spec.vlan", "remove it"),
        TreeRow("status", "5", "FieldValueTypeInvalid status", "write members"),
        TreeRow("status.allocatedIPs", "{}", "FieldValueTypeInvalid status.allocatedIPs", "write a text"),
        TreeRow("status.allocatedIPCount", "-1", "FieldValueInvalid status.allocatedIPCount", "0 or more"),
        TreeRow("status.totalIPCount", "\"9\"", "FieldValueTypeInvalid status.totalIPCount", "without quotes"),
    ]

    @Test("every field of a pool, wrong once", arguments: poolRows)
    func wrongPoolField(row: TreeRow) throws {
        let tree = try row.apply(to: JSONValue(parsing: Self.fullPool))
        let error = try #require(throws: InvalidResource.self) { try SpiderIPPool(tree: tree) }
        #expect(error.errors.map(\.place) == row.places)
        #expect(error.errors[0].message.contains(row.remedy), "\(error.errors[0])")
        #expect(!error.description.contains("\n"))
    }

    @Test(
        "every field of a reservation, wrong once",
        arguments: [
            TreeRow("spec", nil, "FieldValueRequired spec", "a value is needed"),
            TreeRow("spec.ipVersion", "\"4\"", "FieldValueTypeInvalid spec.ipVersion", "without quotes"),
            TreeRow("spec.ips", "\"10.0.0.1\"", "FieldValueTypeInvalid spec.ips", "write a list"),
            TreeRow("spec.ips", "[10]", "FieldValueTypeInvalid spec.ips[0]", "in quotes"),
            TreeRow("spec.ip", "[]", "FieldValueForbidden spec.ip", "did you mean \"ips\"?"),
            TreeRow("status", "{}", "FieldValueForbidden status", "remove it"),
            TreeRow("kind", "\"SpiderIPPool\"", "FieldValueNotSupported kind", "SpiderReservedIP"),
        ])
    func wrongReservationField(row: TreeRow) throws {
        let whole = try manifest("SpiderReservedIP", "r", #"{"ipVersion": 4, "ips": ["10.0.0.1"]}"#)
        let tree = try row.apply(to: whole)
        let error = try #require(throws: InvalidResource.self) { try SpiderReservedIP(tree: tree) }
        #expect(error.errors.map(\.place) == row.places)
        #expect(error.errors[0].message.contains(row.remedy), "\(error.errors[0])")
    }

    @Test("all mistakes are reported at once")
    func allMistakes() throws {
        let tree = try JSONValue(
            parsing: #"{"apiVersion": "v1", "kind": "SpiderIPPool", "metadata": {}, "spec": {"ips": "x", "foo": 1}}"#)
        let error = try #require(throws: InvalidResource.self) { try SpiderIPPool(tree: tree) }
        #expect(
            Set(error.errors.map { "\($0.path)" })
                == ["apiVersion", "metadata.name", "spec.foo", "spec.subnet", "spec.ips"])
    }

    @Test("a tree that is no object", arguments: ["null", "[]", "\"x\"", "5"])
    func noObject(text: String) throws {
        let tree = try JSONValue(parsing: text)
        #expect(throws: InvalidResource.self) { try SpiderIPPool(tree: tree) }
        #expect(throws: InvalidResource.self) { try ResourceRegistry.standard.read(tree) }
    }

    @Test("tree to value to tree")
    func roundTrip() throws {
        let tree = try JSONValue(parsing: Self.fullPool)
        let pool = try SpiderIPPool(tree: tree)
        #expect(pool.tree == tree)
        #expect(try SpiderIPPool(tree: pool.tree) == pool)
        let reservation = try manifest("SpiderReservedIP", "r", #"{"ipVersion": 6, "ips": ["fd00::1"]}"#)
        #expect(try SpiderReservedIP(tree: reservation).tree == reservation)
    }

    @Test("null is the same as absent, and an empty list of routes is kept")
    func absence() throws {
        let absent = try pool("a", #"{"subnet": "10.0.0.0/24", "ips": null, "gateway": null, "routes": null}"#)
        #expect(absent == SpiderIPPool(named: "a", subnet: "10.0.0.0/24"))
        let explicit = try pool("a", #"{"subnet": "10.0.0.0/24", "routes": []}"#)
        #expect(explicit.spec.routes == [])
        #expect(explicit.tree["spec"]?["routes"] == [])
    }

    @Test("the registry finds types by kind and by the words of command lines")
    func registry() throws {
        let registry = ResourceRegistry.standard
        #expect(try registry.read(JSONValue(parsing: Self.fullPool)) is SpiderIPPool)
        for word in ["sp", "SpiderIPPool", "spiderippools", "spiderippools.spiderpool.spidernet.io"] {
            #expect(registry.type(named: word) == SpiderIPPool.self, "\(word)")
        }
        #expect(registry.type(named: "sr") == SpiderReservedIP.self)
        #expect(registry.type(named: "pod") == nil)
        let unknown: JSONValue = ["apiVersion": .string(ResourceKind.apiVersion), "kind": "SpiderIPool"]
        let error = try #require(throws: InvalidResource.self) { try registry.read(unknown) }
        #expect(error.errors.map(\.place) == ["FieldValueNotSupported kind"])
        #expect(error.description.contains("did you mean \"SpiderIPPool\"?"))
    }

    @Test("errors read as Kubernetes writes them")
    func texts() {
        let path = JSONFieldPath.spec.appending("ips").appending(0)
        #expect("\(FieldError(.invalid, at: path, value: "x", "bad"))" == "spec.ips[0]: Invalid value: \"x\": bad")
        #expect("\(FieldError(.required, at: path, "say it"))" == "spec.ips[0]: Required value: say it")
        #expect(
            "\(FieldError(.invalid, at: path, value: "a\n\"", "bad"))" == #"spec.ips[0]: Invalid value: "a\n\"": bad"#)
        let errors = [FieldError(.forbidden, at: path, "no"), FieldError(.required, at: .spec, "yes")]
        #expect(
            "\(InvalidResource(kind: "SpiderIPPool", name: "a", errors: errors))"
                == "SpiderIPPool \"a\" is invalid: [spec.ips[0]: Forbidden: no, spec: Required value: yes]")
        #expect(FieldError(.alreadyExists, at: path, "").statusCode == 409)
        #expect(FieldError(.operationForbidden, at: path, "").statusCode == 403)
        #expect(FieldError(.forbidden, at: path, "").statusCode == 422)
    }
}
