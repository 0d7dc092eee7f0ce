import IPAMCore
import JSONTree
import PoolModel
import Testing

struct UpdateRow: Sendable, CustomTestStringConvertible {
    let id: String
    let new: String
    var errors: [String] = []
    var message = ""
    var testDescription: String { id }
}

@Suite struct PoolUpdateTests {
    static let old = #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.10-10.0.0.19"]}"#

    @Test(
        "change",
        arguments: [
            UpdateRow(id: "nothing", new: old),
            UpdateRow(
                id: "P23 version", new: #"{"ipVersion": 6, "subnet": "10.0.0.0/24"}"#,
                errors: ["FieldValueForbidden spec.ipVersion"], message: "create another pool"),
            UpdateRow(
                id: "P23 subnet", new: #"{"subnet": "10.0.0.0/25"}"#, errors: ["FieldValueForbidden spec.subnet"],
                message: "create another pool"),
            UpdateRow(
                id: "P23 both", new: #"{"subnet": "fd00::/64"}"#,
                errors: ["FieldValueForbidden spec.ipVersion", "FieldValueForbidden spec.subnet"]),
            UpdateRow(
                id: "P24", new: #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.10-10.0.0.11"]}"#,
                errors: ["FieldValueForbidden spec.ips"], message: "10.0.0.12 (default/web-0)"),
            UpdateRow(
                id: "P25, T86",
                new: #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.10-10.0.0.19"], "excludeIPs": ["10.0.0.12"]}"#,
                errors: ["FieldValueForbidden spec.ips"], message: "10.0.0.12 (default/web-0)"),
            UpdateRow(id: "shrink around what is in use", new: #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.12"]}"#),
            UpdateRow(
                id: "take from a neighbour", new: #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.10-10.0.0.20"]}"#,
                errors: ["FieldValueForbidden spec.ips"], message: "pool \"neighbour\""),
            UpdateRow(
                id: "gateway outside", new: #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.12"], "gateway": "10.0.9.1"}"#,
                errors: ["FieldValueInvalid spec.gateway"]),
            UpdateRow(
                id: "empty selector", new: #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.12"], "nodeAffinity": {}}"#,
                errors: ["FieldValueInvalid spec.nodeAffinity"]),
        ])
    func change(row: UpdateRow) throws {
        let old = try pool("a", Self.old).defaulted()
        let neighbour = try pool("neighbour", #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.20"]}"#).defaulted()
        let inUse = [AddressInUse(try address("10.0.0.12"), owner: "default/web-0")]
        let errors = try pool("a", row.new).defaulted()
            .validateUpdate(from: old, among: [old, neighbour], inUse: inUse)
        #expect(errors.map(\.place) == row.errors)
        if let first = errors.first { #expect(first.description.contains(row.message), "\(first)") }
    }

    @Test("many addresses in use make one short message")
    func manyInUse() throws {
        let old = try pool("a", Self.old).defaulted()
        let inUse = try (10..<20).map { AddressInUse(try address("10.0.0.\($0)"), owner: "default/web-\($0)") }
        let errors = try pool("a", #"{"subnet": "10.0.0.0/24"}"#).defaulted()
            .validateUpdate(from: old, among: [], inUse: inUse.reversed())
        #expect(errors.count == 1)
        #expect(errors[0].message.contains("10.0.0.10 (default/web-10), "))
        #expect(errors[0].message.contains("and 7 more"))
    }

    @Test("a pool stored without version can be changed, and so can one whose family was switched off")
    func legacy() throws {
        let old = try pool("a", Self.old)
        #expect(old.defaulted().validateUpdate(from: old, among: [old]) == [])
        #expect(old.validateUpdate(from: old, among: [old]) == [])
    }

    @Test("P34: a terminating pool only loses its finalizer")
    func terminating() throws {
        var old = try pool("a", Self.old).defaulted()
        old.metadata.deletionTimestamp = "2026-01-31T12:00:00Z"
        var relabelled = old
        relabelled.metadata.labels["x"] = "y"
        let errors = relabelled.validateUpdate(from: old, among: [])
        #expect(errors.map(\.place) == ["Forbidden metadata.deletionTimestamp"])
        #expect(errors.map(\.statusCode) == [403])
        var released = old
        released.metadata.finalizers = []
        #expect(released.validateUpdate(from: old, among: []) == [])
    }

    @Test("P32, P33: deletion of a pool in use")
    func deletion() throws {
        let pool = try pool("a", Self.old)
        #expect(pool.validateDeletion(addressesInUse: 3) == [])
        let guarded = AdmissionSettings(refusesDeletionInUse: true)
        #expect(pool.validateDeletion(addressesInUse: 0, settings: guarded) == [])
        let errors = pool.validateDeletion(addressesInUse: 3, settings: guarded)
        #expect(errors.map(\.statusCode) == [403])
        #expect(errors[0].message.contains("3 addresses"))
    }

    @Test("warnings: reserved addresses and differing gateways")
    func warnings() throws {
        let pool = try pool("a", #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.10-10.0.0.19"], "gateway": "10.0.0.1"}"#)
        var gone = try reserved("gone", #"{"ips": ["10.0.0.11"]}"#)
        gone.metadata.deletionTimestamp = "2026-01-31T12:00:00Z"
        let others = [
            try self.neighbour("b", gateway: "10.0.0.2"), try self.neighbour("c", gateway: "10.0.0.1"),
        ]
        let objects = [gone, try reserved("r", #"{"ips": ["10.0.0.12-10.0.0.13", "10.0.9.0"]}"#)]
        let warnings = pool.warnings(among: others, reserved: objects)
        #expect(warnings.map { "\($0.path)" } == ["spec.ips", "spec.gateway"])
        #expect(warnings[0].message.contains("10.0.0.12-10.0.0.13 reserved by SpiderReservedIP \"r\""))
        #expect(warnings[1].message.contains("10.0.0.2 of pool \"b\""))
        #expect(pool.warnings(among: [], reserved: []) == [])
    }

    private func neighbour(_ name: String, gateway: String) throws -> SpiderIPPool {
        try pool(name, #"{"subnet": "10.0.0.0/24", "gateway": "\#(gateway)"}"#)
    }
}
