import JSONTree
import Testing

/// What the server says about the definitions themselves.
@Suite(.serialized) struct DescriptionTests {
    /// What both the first and the current releases that are meant to be served understand.
    private static let keywords: Set = [
        "type", "format", "description", "properties", "required", "items", "enum", "default", "pattern", "minimum",
        "maximum", "minItems", "maxItems", "additionalProperties", "x-kubernetes-map-type",
    ]

    @Test(arguments: CustomKind.allCases)
    func everyFieldIsExplained(_ kind: CustomKind) async throws {
        let lab = try await ManifestLab.shared
        let faults = Self.faults(of: try await lab.schema(of: kind), at: kind.rawValue)
        #expect(faults.isEmpty)
    }

    @Test(arguments: CustomKind.allCases)
    func theServerHasNothingToComplainAbout(_ kind: CustomKind) async throws {
        let lab = try await ManifestLab.shared
        let definition = try await lab.definition(of: kind)
        let conditions = definition["status"]?["conditions"]?.arrayValue ?? []
        let holding = conditions.filter { $0["status"]?.stringValue == "True" }.compactMap { $0["type"]?.stringValue }
        // NonStructuralSchema, or what newer servers find besides, would stand there too.
        #expect(Set(holding) == ["Established", "NamesAccepted"])
        #expect(definition["spec"]?["preserveUnknownFields"]?.boolValue != true)
        #expect(definition["spec"]?["scope"]?.stringValue == (kind.isNamespaced ? "Namespaced" : "Cluster"))
        let versions = try #require(definition["spec"]?["versions"]?.arrayValue)
        #expect(versions.map { $0["name"]?.stringValue } == ["v2beta1"])
        #expect(versions[0]["subresources"] == (kind.hasStatusSubresource ? ["status": [:]] : nil))
    }

    @Test func kubectlExplains() async throws {
        let lab = try await ManifestLab.shared
        let text = try await lab.kubectl("explain", "spiderippool.spec.ips")
        #expect(text.contains("10.6.168.101-10.6.168.120"))
    }

    private static func faults(of schema: JSONValue, at path: String) -> [String] {
        var faults = Set(schema.objectValue?.keys ?? []).subtracting(keywords).map { "\(path): \($0)" }
        for (key, property) in schema["properties"]?.objectValue?.members ?? [] {
            // The server's own schema of metadata takes the place of ours.
            if path.contains(".") == false, key == "metadata" { continue }
            let text = property["description"]?.stringValue ?? ""
            if text.isEmpty || text.last != "." && text.contains(". ") {
                faults.append("\(path).\(key) is explained by \"\(text)\"")
            }
            faults += Self.faults(of: property, at: "\(path).\(key)")
        }
        if let items = schema["items"] { faults += Self.faults(of: items, at: "\(path)[]") }
        if case .object? = schema["additionalProperties"], let values = schema["additionalProperties"] {
            faults += Self.faults(of: values, at: "\(path){}")
        }
        return faults
    }
}
