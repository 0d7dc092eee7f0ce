import IPAMCore
import JSONTree
import PoolModel
import Testing

struct ReservedRow: Sendable, CustomTestStringConvertible {
    let id: String
    let spec: String
    var settings = AdmissionSettings()
    var errors: [String] = []
    var message = ""
    var testDescription: String { id }
}

@Suite struct ReservedIPTests {
    @Test(
        "creation",
        arguments: [
            ReservedRow(id: "one address", spec: #"{"ips": ["10.0.0.1"]}"#),
            ReservedRow(id: "overlapping ranges", spec: #"{"ips": ["10.0.0.1-10.0.0.5", "10.0.0.4"]}"#),
            ReservedRow(id: "T94", spec: #"{"ips": ["::1-::5"]}"#),
            ReservedRow(
                id: "R1", spec: #"{"ips": []}"#, errors: ["FieldValueRequired spec.ips"], message: "delete the object"),
            ReservedRow(id: "R1 with version", spec: #"{"ipVersion": 4}"#, errors: ["FieldValueRequired spec.ips"]),
            ReservedRow(
                id: "R2", spec: #"{"ips": ["10.0.0.1", "fd00::1"]}"#, errors: ["FieldValueInvalid spec.ips[1]"],
                message: "an object of its own"),
            ReservedRow(
                id: "version 5", spec: #"{"ipVersion": 5, "ips": ["10.0.0.1"]}"#,
                errors: ["FieldValueNotSupported spec.ipVersion"]),
            ReservedRow(
                id: "version and ranges differ", spec: #"{"ipVersion": 6, "ips": ["10.0.0.1"]}"#,
                errors: ["FieldValueInvalid spec.ips[0]"]),
            ReservedRow(
                id: "first range unreadable", spec: #"{"ips": ["x", "10.0.0.9-10.0.0.1"]}"#,
                errors: [
                    "FieldValueInvalid spec.ipVersion", "FieldValueInvalid spec.ips[0]",
                    "FieldValueInvalid spec.ips[1]",
                ],
                message: "correct spec.ips[0]"),
            ReservedRow(
                id: "family disabled", spec: #"{"ips": ["fd00::1"]}"#,
                settings: AdmissionSettings(enabledFamilies: [.ipv4]),
                errors: ["FieldValueForbidden spec.ipVersion"]),
        ])
    func creation(row: ReservedRow) throws {
        let errors = try reserved("r", row.spec).defaulted().validateCreation(settings: row.settings)
        #expect(errors.map(\.place) == row.errors)
        if let first = errors.first { #expect(first.description.contains(row.message), "\(first)") }
    }

    @Test("defaulting")
    func defaulting() throws {
        let object = try reserved("r", #"{"ips": ["10.0.0.2", "10.0.0.1"]}"#).defaulted()
        #expect(object.spec == .init(ipVersion: 4, ips: ["10.0.0.1-10.0.0.2"]))
        #expect(object.metadata.finalizers == [])
        let mixed = try reserved("r", #"{"ips": ["10.0.0.1", "fd00::1"]}"#)
        #expect(mixed.defaulted() == mixed)
    }

    @Test("R3 and change")
    func change() throws {
        let old = try reserved("r", #"{"ips": ["10.0.0.1"]}"#).defaulted()
        let new = try reserved("r", #"{"ips": ["fd00::1"]}"#).defaulted()
        #expect(new.validateUpdate(from: old).map(\.place) == ["FieldValueForbidden spec.ipVersion"])
        let emptied = try reserved("r", #"{"ipVersion": 4, "ips": []}"#)
        #expect(emptied.validateUpdate(from: old).map(\.place) == ["FieldValueRequired spec.ips"])
        #expect(try reserved("r", #"{"ips": ["10.0.0.2"]}"#).defaulted().validateUpdate(from: old) == [])
        var terminating = old
        terminating.metadata.deletionTimestamp = "2026-01-31T12:00:00Z"
        #expect(terminating.validateUpdate(from: old) == [])
        #expect(old.validateUpdate(from: terminating).map(\.statusCode) == [403])
        #expect(old.validateCreation(among: [old]).map(\.statusCode) == [409])
    }

    @Test("R4, T87, T88, T89: reserved addresses leave pools until the object goes")
    func effect() throws {
        let pool = try ResolvedPool(pool("a", #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.1-10.0.0.4"]}"#))
        var objects = [
            try reserved("r", #"{"ips": ["10.0.0.1-10.0.0.2"]}"#), try reserved("s", #"{"ips": ["10.0.0.4"]}"#),
            try reserved("t", #"{"ips": ["fd00::1"]}"#),
        ]
        #expect(pool.addresses(without: objects.reservedAddresses(of: .ipv4)).rangeTexts == ["10.0.0.3"])
        #expect(pool.totalCount == 4)
        objects[0].metadata.deletionTimestamp = "2026-01-31T12:00:00Z"
        #expect(pool.addresses(without: objects.reservedAddresses(of: .ipv4)).rangeTexts == ["10.0.0.1-10.0.0.3"])
        let inUse = [AddressInUse(try address("10.0.0.4"), owner: "default/web-0")]
        #expect(objects[1].warnings(inUse: inUse).map(\.message).first?.contains("default/web-0") == true)
        #expect(objects[2].warnings(inUse: inUse) == [])
    }
}
