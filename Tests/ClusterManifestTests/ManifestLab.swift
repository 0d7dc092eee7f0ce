import Foundation
import JSONTree
import KubeClient
import Logging
import ManifestFile
import TestSupport
import Testing

/// The kinds of `deploy/crds` on the API server that all suites share.
struct ManifestLab {
    let plane: ControlPlane
    let kube: KubeClient

    private static let task = Task {
        let plane = try await ControlPlane.shared
        try await plane.installKinds()
        let lab = ManifestLab(
            plane: plane,
            kube: try KubeClient(.kubeconfig(files: [plane.kubeconfigPath]), logger: Logger(label: "manifests")))
        try await lab.becomeDescribed()
        return lab
    }

    /// Waits until the server describes the kinds: it serves them some seconds earlier.
    private func becomeDescribed() async throws {
        let end = ContinuousClock.now + .seconds(120)
        for kind in CustomKind.allCases {
            while true {
                let result = try await plane.kubectl(["explain", kind.plural])
                if result.status == 0 { break }
                try #require(ContinuousClock.now < end, "kubectl explain \(kind.plural): \(result.errors)")
                try await Task.sleep(for: .milliseconds(200))  // proof: nothing tells when its description is complete
            }
        }
    }

    /// One for the process, and as long as that.
    static var shared: ManifestLab {
        get async throws { try await task.value }
    }

    /// A name that nothing else on the server has.
    static func name(_ text: String) -> String { "\(text)-\(UInt32.random(in: 0...UInt32.max))" }

    static func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: text) }

    func objects(_ kind: CustomKind) -> ResourceClient<RawObject> {
        kube.resource(kind.definition, namespace: kind.isNamespaced ? "default" : nil)
    }

    /// An object with the least of content, but for what is given.
    func object(_ kind: CustomKind, _ name: String, _ members: [(String, JSONValue)] = []) throws -> RawObject {
        var metadata: JSONObject = ["name": .string(name)]
        if kind.isNamespaced { metadata["namespace"] = "default" }
        var object: JSONObject = [
            "apiVersion": "spiderpool.spidernet.io/v2beta1", "kind": .string(kind.rawValue),
            "metadata": .object(metadata),
        ]
        object[kind.content] = try Self.json(kind.minimalContent)
        for (key, value) in members { object[key] = value }
        return try RawObject(json: .object(object))
    }

    /// The schema of a kind, as the server has it.
    func schema(of kind: CustomKind) async throws -> JSONValue {
        let definition = try await definition(of: kind)
        return try #require(definition["spec"]?["versions"]?.arrayValue?.first?["schema"]?["openAPIV3Schema"])
    }

    func definition(of kind: CustomKind) async throws -> JSONValue {
        try Self.json(
            try await kubectl("get", "customresourcedefinition", "\(kind.plural).spiderpool.spidernet.io", "-o", "json")
        )
    }

    /// The output of kubectl, which must succeed.
    @discardableResult
    func kubectl(_ arguments: String...) async throws -> String {
        let result = try await plane.kubectl(arguments)
        try #require(result.status == 0, "kubectl \(arguments.joined(separator: " ")): \(result.errors)")
        return result.output
    }

    /// The documents of a file of the tree.
    static func documents(_ path: String) throws -> [JSONValue] {
        let text = try String(contentsOfFile: SourceTree.path(path), encoding: .utf8)
        return try ManifestFile(text, named: path).documents.map(\.tree)
    }
}
