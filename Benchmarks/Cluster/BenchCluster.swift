import Foundation
import JSONTree
import KubeClient
import TestSupport

/// The objects of the benchmark: nodes, pools, Pods.
struct BenchCluster: Sendable {
    static let group = "spiderpool.spidernet.io"
    let plane: ControlPlane
    let kube: KubeClient
    let nodes: Int

    init(_ plane: ControlPlane, _ kube: KubeClient, nodes: Int) {
        self.plane = plane
        self.kube = kube
        self.nodes = nodes
    }

    func node(_ number: Int) -> String { "node-\(number)" }

    private func kind(_ kind: String, _ plural: String, isNamespaced: Bool = false) -> ResourceDefinition {
        ResourceDefinition(
            group: Self.group, version: "v2beta1", kind: kind, plural: plural, isNamespaced: isNamespaced)
    }

    func makeNodes() async throws {
        let client = kube.resource(
            ResourceDefinition(group: "", version: "v1", kind: "Node", plural: "nodes", isNamespaced: false),
            namespace: nil)
        for number in 0..<nodes {
            _ = try await client.create(
                RawObject(json: [
                    "apiVersion": "v1", "kind": "Node",
                    "metadata": [
                        "name": .string(node(number)), "labels": ["kubernetes.io/hostname": .string(node(number))],
                    ],
                ]))
        }
    }

    /// A pool of exactly so many addresses, from `10.X.0.1` on.
    func makePool(_ name: String, addresses: Int, thirdOctet: Int) async throws {
        let last = thirdOctet * 256 + addresses
        _ = try await kube.resource(kind("SpiderIPPool", "spiderippools"), namespace: nil).create(
            RawObject(json: [
                "apiVersion": "spiderpool.spidernet.io/v2beta1", "kind": "SpiderIPPool",
                "metadata": ["name": .string(name)],
                "spec": [
                    "ipVersion": 4, "subnet": "10.60.0.0/16", "gateway": "10.60.255.254",
                    "ips": [.string("10.60.\(thirdOctet).1-10.60.\(last / 256).\(last % 256)")],
                ],
            ]))
    }

    /// Pods that are bound to nodes and wait for their network, as kubelet sees them.
    func makePods(_ count: Int, named prefix: String, on nodes: [String]) async throws -> [BenchPod] {
        let raw = kube.resource(Pod.resource, namespace: "default")
        return try await withThrowingTaskGroup(of: (Int, BenchPod).self) { group in
            var pods: [Int: BenchPod] = [:]
            for number in 0..<count {
                if number >= 16, let (index, pod) = try await group.next() { pods[index] = pod }
                let node = nodes[number % nodes.count]
                group.addTask {
                    let object = try await raw.create(
                        RawObject(json: [
                            "apiVersion": "v1", "kind": "Pod",
                            "metadata": ["name": .string("\(prefix)-\(number)"), "namespace": "default"],
                            "spec": [
                                "nodeName": .string(node), "terminationGracePeriodSeconds": 0,
                                "containers": [["name": "main", "image": "none"]],
                            ],
                        ]))
                    let metadata = object.metadata
                    guard let uid = metadata.uid else { throw BenchError("\(prefix)-\(number) has no UID") }
                    return (number, BenchPod(namespace: "default", name: "\(prefix)-\(number)", uid: uid, node: node))
                }
            }
            for try await (index, pod) in group { pods[index] = pod }
            return (0..<count).compactMap { pods[$0] }
        }
    }

    func deletePods(_ pods: [BenchPod]) async throws {
        let client = kube.resource(Pod.resource, namespace: "default")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, pod) in pods.enumerated() {
                if number >= 16 { try await group.next() }
                group.addTask { try await client.delete(pod.name, Preconditions(uid: pod.uid), graceSeconds: 0) }
            }
            try await group.waitForAll()
        }
    }

    /// How many claims of a pool stand in the blocks.
    func claims(in pool: String) async throws -> Int {
        let blocks = try await kube.resource(kind("SpiderIPBlock", "spideripblocks"), namespace: nil).list(ListQuery())
        return blocks.items.reduce(0) { count, block in
            let claims = block.json["spec"]?["claims"]?.arrayValue ?? []
            return count + claims.filter { $0["pool"]?.stringValue == pool }.count
        }
    }

    /// How many writes of blocks the API server has answered so far, refused ones included.
    func blockWrites() async throws -> Int {
        let text = try await plane.kubectl(["get", "--raw", "/metrics"]).output
        var count = 0
        for line in text.split(separator: "\n") where line.hasPrefix("apiserver_request_total{") {
            guard line.contains("resource=\"spideripblocks\""),
                ["POST", "PATCH", "PUT", "DELETE"].contains(where: { line.contains("verb=\"\($0)\"") }),
                let number = line.split(separator: " ").last.flatMap({ Double($0) })
            else { continue }
            count += Int(number)
        }
        return count
    }
}
