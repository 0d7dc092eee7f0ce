import JSONTree
import KubeClient
import Testing

/// Who may write `status`, and what counts as a new generation.
@Suite(.serialized) struct StatusTests {
    /// A change of each kind's spec, and a status.
    private static func change(of kind: CustomKind) -> (spec: JSONValue, status: JSONValue) {
        switch kind {
        case .pool: (["disable": true], ["allocatedIPCount": 1, "totalIPCount": 9])
        case .subnet: (["gateway": "10.0.0.1"], ["allocatedIPCount": 1, "totalIPCount": 9])
        case .coordinator: (["mode": "underlay"], ["phase": "NotReady", "reason": "waiting"])
        case .reserved: (["ips": ["10.0.0.1"]], ["phase": "x"])
        case .network: (["disableIPAM": true], ["phase": "x"])
        case .block: (["sequence": 1], ["phase": "x"])
        case .endpoint: (["mode": "x"], ["ownerControllerName": "other"])
        }
    }

    @Test(arguments: CustomKind.allCases.filter(\.hasStatusSubresource))
    func specAndStatusAreWrittenApart(_ kind: CustomKind) async throws {
        let lab = try await ManifestLab.shared
        let objects = lab.objects(kind)
        let name = ManifestLab.name("status")
        let (spec, status) = Self.change(of: kind)

        let created = try await objects.create(try lab.object(kind, name, [("status", status)]))
        #expect(created.json["status"] == nil)
        #expect(created.metadata.generation == 1)
        let first = try #require(created.json["spec"])

        let both: JSONValue = ["spec": spec, "status": status]
        let reported = try await objects.patch(name, .merge(both), subresource: "status")
        #expect(reported.json["status"] == status)
        #expect(reported.json["spec"] == first)
        #expect(reported.metadata.generation == 1)

        let changed = try await objects.patch(name, .merge(["spec": spec, "status": .null]))
        #expect(changed.json["spec"] == first.merging(spec))
        #expect(changed.json["status"] == status)
        #expect(changed.metadata.generation == 2)

        // A label is neither.
        let labelled = try await objects.patch(name, .merge(["metadata": ["labels": ["a": "b"]]]))
        #expect(labelled.metadata.generation == 2)
    }

    @Test func theStatusOfAnEndpointIsAnOrdinaryField() async throws {
        let lab = try await ManifestLab.shared
        let objects = lab.objects(.endpoint)
        let name = ManifestLab.name("status")
        let (spec, status) = Self.change(of: .endpoint)
        let created = try await objects.create(try lab.object(.endpoint, name, [("spec", spec)]))
        #expect(created.json["spec"] == nil, "there is no such field")
        let first = try #require(created.json["status"])
        let changed = try await objects.patch(name, .merge(["status": status]))
        #expect(changed.json["status"] == first.merging(status))
        #expect(changed.metadata.generation == 2)
        try await expectNoSubresource(of: .endpoint, name)
    }

    @Test(arguments: [CustomKind.reserved, .network, .block])
    func otherKindsHaveNoStatus(_ kind: CustomKind) async throws {
        let lab = try await ManifestLab.shared
        let objects = lab.objects(kind)
        let name = ManifestLab.name("status")
        let (spec, status) = Self.change(of: kind)
        let created = try await objects.create(try lab.object(kind, name, [("status", status)]))
        #expect(created.json["status"] == nil)
        let changed = try await objects.patch(name, .merge(["spec": spec, "status": status]))
        #expect(changed.json["status"] == nil)
        #expect(changed.metadata.generation == 2)
        try await expectNoSubresource(of: kind, name)
    }

    private func expectNoSubresource(of kind: CustomKind, _ name: String) async throws {
        let lab = try await ManifestLab.shared
        do {
            _ = try await lab.objects(kind).patch(name, .merge(["status": [:]]), subresource: "status")
            Issue.record("there is a status subresource")
        } catch {
            #expect(error.status == 404)
        }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let kind: CustomKind
        let status: JSONValue
        /// The field at fault; `nil` when there is none.
        let refused: String?
        var testDescription: String { "\(kind.rawValue) \(status.text())" }
    }

    static let rows =
        [CustomKind.pool, .subnet].flatMap { kind in
            ["allocatedIPCount", "totalIPCount"].flatMap { field in
                [
                    Row(kind: kind, status: .object([field: 0]), refused: nil),
                    Row(kind: kind, status: .object([field: .integer(Int64.max)]), refused: nil),
                    Row(kind: kind, status: .object([field: -1]), refused: "status.\(field)"),
                    Row(kind: kind, status: .object([field: "1"]), refused: "status.\(field)"),
                ]
            }
        } + [
            Row(kind: .pool, status: ["allocatedIPs": [:]], refused: "status.allocatedIPs"),
            Row(kind: .pool, status: ["allocatedIPs": "{}"], refused: nil),
            Row(kind: .subnet, status: ["controlledIPPools": [:]], refused: "status.controlledIPPools"),
            Row(kind: .coordinator, status: ["phase": "Synced"], refused: nil),
            Row(kind: .coordinator, status: ["reason": "none"], refused: "status.phase"),
            Row(
                kind: .coordinator, status: ["phase": "Synced", "serviceCIDR": "10.0.0.0/8"],
                refused: "status.serviceCIDR"),
            Row(
                kind: .coordinator, status: ["phase": "Synced", "overlayPodCIDR": [1]], refused: "status.overlayPodCIDR"
            ),
        ]

    @Test(arguments: rows)
    func whatTheSchemaSaysOfStatus(_ row: Row) async throws {
        let lab = try await ManifestLab.shared
        let name = ManifestLab.name("status")
        let objects = lab.objects(row.kind)
        _ = try await objects.create(try lab.object(row.kind, name))
        do {
            let patched = try await objects.patch(name, .merge(["status": row.status]), subresource: "status")
            #expect(row.refused == nil && patched.json["status"] == row.status)
        } catch {
            #expect(error.status == 422)
            #expect(
                error.causes.map { $0.field.replacing(/\[[0-9]+\]/, with: "") } == [
                    try #require(row.refused, "\(error)")
                ])
        }
    }
}
