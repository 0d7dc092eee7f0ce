import IPAMCore
import JSONTree
import KubeClient
import Logging
import TestSupport

/// The real API server that the suites share, and what they ask it.
enum Server {
    static func client(_ plane: ControlPlane, _ change: (inout KubeClientOptions) -> Void = { _ in }) throws
        -> KubeClient
    {
        var options = KubeClientOptions()
        change(&options)
        return try KubeClient(
            .kubeconfig(files: [plane.kubeconfigPath]), options: options, logger: Logger(label: "test"))
    }

    /// Runs a body with a client that is shut down afterwards.
    static func withClient(
        _ plane: ControlPlane, _ change: (inout KubeClientOptions) -> Void = { _ in },
        _ body: (KubeClient) async throws -> Void
    ) async throws {
        let client = try client(plane, change)
        do {
            try await body(client)
        } catch {
            await client.shutdown()
            throw error
        }
        await client.shutdown()
    }

    static let maps = ResourceDefinition(version: "v1", kind: "ConfigMap", plural: "configmaps", isNamespaced: true)

    static func map(_ name: String, _ data: [String: String], labels: [String: String] = [:]) throws -> RawObject {
        try RawObject(json: [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": [
                "name": .string(name), "labels": .object(JSONObject(labels.map { ($0.key, .string($0.value)) })),
            ],
            "data": .object(JSONObject(data.map { ($0.key, .string($0.value)) })),
        ])
    }

    /// A namespace of a test's own.
    static func namespace(_ client: KubeClient) async throws -> String {
        let name = "test-\(UInt32.random(in: 0...(.max)))"
        _ = try await client.resource(Namespace.self).create(
            try Namespace(json: ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]]))
        return name
    }

    /// The error that a request must end with.
    static func error(_ body: () async throws(KubeError) -> some Sendable) async throws -> KubeError {
        do throws(KubeError) {
            _ = try await body()
        } catch {
            return error
        }
        throw Surprise()
    }

    /// A request succeeded that must not.
    struct Surprise: Error {}
}
