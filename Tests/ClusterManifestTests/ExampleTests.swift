import Foundation
import JSONTree
import KubeClient
import TestSupport
import Testing

/// Manifests as people write them, by kubectl.
@Suite(.serialized) struct ExampleTests {
    @Test(arguments: CustomKind.allCases)
    func theLeastOfAKindIsAccepted(_ kind: CustomKind) async throws {
        let (file, stored) = try await apply(kind, "minimal")
        let differences = stored.differences(from: file)
        #expect(differences.isEmpty)
        #expect(stored["status"] == file["status"], "nobody reports what nobody has seen")
        let generation = stored["metadata"]?["generation"]?.int64Value
        #expect(generation == 1)
    }

    @Test(arguments: CustomKind.allCases)
    func aCompleteObjectComesBackAsItWasWritten(_ kind: CustomKind) async throws {
        let lab = try await ManifestLab.shared
        var (file, stored) = try await apply(kind, "complete")
        if kind.hasStatusSubresource {
            #expect(stored["status"] == nil, "status is not the business of whoever writes spec")
            let status = try #require(file["status"])
            let name = try #require(file["metadata"]?["name"]?.stringValue)
            stored = try await lab.objects(kind).patch(name, .merge(["status": status]), subresource: "status").json
        }
        #expect(stored["spec"] == file["spec"])
        #expect(stored["status"] == file["status"])
        // And it is complete.
        let missing = Self.fields(missingIn: file, of: try await lab.schema(of: kind))
        #expect(missing.isEmpty, "add them to Examples/\(kind.singular)-complete.yaml")
    }

    @Test func theExamplesOfTheDocumentationAreAccepted() async throws {
        let lab = try await ManifestLab.shared
        let folder = "docs/examples"
        let files = try FileManager.default.contentsOfDirectory(atPath: SourceTree.path(folder)).filter {
            $0.hasSuffix(".yaml")
        }
        #expect(!files.isEmpty)
        for file in files {
            // kubectl refuses fields that the schema does not know.
            try await lab.kubectl("apply", "--filename", SourceTree.path("\(folder)/\(file)"))
            for document in try ManifestLab.documents("\(folder)/\(file)") {
                let kind = try #require(document["kind"]?.stringValue.flatMap { CustomKind(rawValue: $0) })
                let name = try #require(document["metadata"]?["name"]?.stringValue)
                let differences = try await lab.objects(kind).get(name).json.differences(from: document)
                #expect(differences.isEmpty, "\(file)")
            }
        }
    }

    private func apply(_ kind: CustomKind, _ which: String) async throws -> (file: JSONValue, stored: JSONValue) {
        let lab = try await ManifestLab.shared
        let path = "Tests/ClusterManifestTests/Examples/\(kind.singular)-\(which).yaml"
        try await lab.kubectl("apply", "--filename", SourceTree.path(path))
        let documents = try ManifestLab.documents(path)
        let file = try #require(documents.first)
        #expect(documents.count == 1 && file["kind"]?.stringValue == kind.rawValue)
        return (file, try await lab.objects(kind).get(try #require(file["metadata"]?["name"]?.stringValue)).json)
    }

    /// Paths of fields of a schema that a value nowhere has.
    private static func fields(missingIn value: JSONValue, of schema: JSONValue, at path: String = "") -> [String] {
        if let items = schema["items"] {
            let elements = value.arrayValue ?? []
            // What one element has is enough.
            let missing = elements.map { Set(fields(missingIn: $0, of: items, at: path)) }
            guard let first = missing.first else { return [path] }
            return missing.dropFirst().reduce(first) { $0.intersection($1) }.sorted()
        }
        return (schema["properties"]?.objectValue?.members ?? []).flatMap { key, property in
            guard let member = value[key] else { return ["\(path).\(key)"] }
            return fields(missingIn: member, of: property, at: "\(path).\(key)")
        }
    }
}
