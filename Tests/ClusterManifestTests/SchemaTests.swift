import JSONTree
import KubeClient
import Testing

/// What the schemas alone decide, as the server says it: accepted with defaults and without unknown fields, or refused
/// with the field.
@Suite(.serialized) struct SchemaTests {
    @Test(arguments: SchemaRow.pools + SchemaRow.addresses + SchemaRow.blocks)
    func addresses(_ row: SchemaRow) async throws { try await expect(row) }

    @Test(arguments: SchemaRow.coordinators + SchemaRow.networks)
    func networks(_ row: SchemaRow) async throws { try await expect(row) }

    private func expect(_ row: SchemaRow) async throws {
        let lab = try await ManifestLab.shared
        let content = try ManifestLab.json(row.kind.minimalContent).merging(try ManifestLab.json(row.content))
        let object = try lab.object(row.kind, "row", [(row.kind.content, content)])
        let reply: RawObject
        do {
            reply = try await lab.objects(row.kind).create(object, WriteOptions(isDryRun: true))
        } catch {
            guard case .refused(let field) = row.outcome else {
                Issue.record("\(error)")
                return
            }
            #expect(error.status == 422 && error.code == .invalid && error.reason == "Invalid")
            // Elements of lists have an index from Kubernetes 1.23 on.
            let fields = error.causes.map { $0.field.replacing(/\[[0-9]+\]/, with: "") }
            #expect(Set(fields) == [field], "\(error)")
            let named = try #require(error.causes.first).field
            #expect(error.problem.contains(named))
            return
        }
        switch row.outcome {
        case .stored(let pattern):
            let stored = try #require(reply.json[row.kind.content])
            let differences = stored.differences(from: try ManifestLab.json(pattern))
            #expect(differences.isEmpty, "\(stored.text())")
        case .refused(let field): Issue.record("accepted in spite of \(field): \(reply.json.text())")
        }
    }
}
