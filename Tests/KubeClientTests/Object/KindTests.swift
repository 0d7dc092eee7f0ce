import IPAMCore
import JSONTree
import Testing

@testable import KubeClient

@Suite struct KindTests {
    @Test func unknownMembersOfMetadataStay() throws {
        let json = try JSONValue(
            parsing: """
                {"metadata":{"name":"a","namespace":"b","uid":"u","resourceVersion":"17","generation":3,"labels":{"x":"y"},
                "annotations":{"k":"v"},"finalizers":["f"],"creationTimestamp":"2026-11-23T20:35:27Z",
                "deletionTimestamp":"2026-11-23T20:35:57Z","deletionGracePeriodSeconds":30,
                "ownerReferences":[{"apiVersion":"apps/v1","kind":"StatefulSet","name":"web","uid":"s","controller":true,
                "blockOwnerDeletion":true}],"managedFields":[{"manager":"m"}],"selfLink":"/x"}}
                """)
        let object = try RawObject(json: json)
        #expect(object.metadata.json == json["metadata"])
        #expect(object.metadata.controller?.name == "web")
        #expect(object.metadata.isTerminating)
        #expect(object.key.description == "b/a")
        #expect(try PartialObject(json: json).metadata.other["managedFields"] == nil)
    }

    @Test func aWrongMemberIsNamed() throws {
        let error = try #require(throws: JSONFieldError.self) {
            try RawObject(json: ["metadata": ["name": "a", "labels": ["x": 5]]])
        }
        #expect(error.description == "metadata.labels.x: expected a string, got number 5")
    }

    struct Life: Sendable {
        let phase: String
        let reason: String?
        let restartPolicy: String
        let isTerminating: Bool
        let isAlive: Bool
    }

    /// The rows of ipam.md §3.1(2).
    static let lives = [
        Life(phase: "Running", reason: nil, restartPolicy: "Always", isTerminating: false, isAlive: true),
        Life(phase: "Running", reason: nil, restartPolicy: "Always", isTerminating: true, isAlive: false),
        Life(phase: "Pending", reason: nil, restartPolicy: "Never", isTerminating: false, isAlive: true),
        Life(phase: "Succeeded", reason: nil, restartPolicy: "Always", isTerminating: false, isAlive: true),
        Life(phase: "Succeeded", reason: nil, restartPolicy: "OnFailure", isTerminating: false, isAlive: false),
        Life(phase: "Failed", reason: nil, restartPolicy: "OnFailure", isTerminating: false, isAlive: true),
        Life(phase: "Failed", reason: nil, restartPolicy: "Never", isTerminating: false, isAlive: false),
        Life(phase: "Failed", reason: "Evicted", restartPolicy: "Always", isTerminating: false, isAlive: false),
    ]

    @Test(arguments: lives) func podsThatMayUseAddresses(_ life: Life) throws {
        var metadata: JSONObject = ["name": "p", "namespace": "n"]
        if life.isTerminating { metadata.set("deletionTimestamp", "2026-11-23T20:35:57Z") }
        var status: JSONObject = ["phase": .string(life.phase)]
        if let reason = life.reason { status.set("reason", .string(reason)) }
        let pod = try Pod(json: [
            "metadata": .object(metadata), "spec": ["restartPolicy": .string(life.restartPolicy)],
            "status": .object(status),
        ])
        #expect(pod.isAlive == life.isAlive)
    }

    @Test func podsAndTheirContainers() throws {
        let pod = try Pod(json: [
            "metadata": ["name": "p", "namespace": "n"],
            "spec": ["nodeName": "n7", "hostNetwork": true, "terminationGracePeriodSeconds": 5],
            "status": [
                "podIPs": [["ip": "10.0.0.1"], ["ip": "fd00::1"]],
                "initContainerStatuses": [["name": "i", "state": ["terminated": ["exitCode": 0]]]],
                "containerStatuses": [["name": "c", "state": ["running": [:]], "containerID": "containerd://1"]],
            ],
        ])
        #expect(pod.nodeName == "n7")
        #expect(pod.usesHostNetwork)
        #expect(pod.terminationGraceSeconds == 5)
        #expect(pod.podIPs == ["10.0.0.1", "fd00::1"])
        #expect(pod.containers.map(\.state) == [.terminated, .running])
    }

    @Test func whichPodsAStatefulSetHas() throws {
        let set = try StatefulSet(json: [
            "metadata": ["name": "web"], "spec": ["replicas": 3, "ordinals": ["start": 2]],
        ])
        let names = [
            "web-2", "web-4", "web-1", "web-5", "web", "web-", "web-02", "web-+2", "a-web-2", "web-2-2", "web--2",
        ]
        #expect(names.filter { set.owns(podNamed: $0) } == ["web-2", "web-4"])
        let plain = try StatefulSet(json: ["metadata": ["name": "web"], "spec": [:]])
        #expect(plain.owns(podNamed: "web-0"))
        #expect(!plain.owns(podNamed: "web-1"))
    }

    @Test func readyNodes() throws {
        func node(_ status: String) throws -> Bool? {
            try Node(json: [
                "metadata": ["name": "n"],
                "status": [
                    "conditions": [
                        ["type": "DiskPressure", "status": "False"], ["type": "Ready", "status": .string(status)],
                    ]
                ],
            ]).isReady
        }
        #expect(try node("True") == true)
        #expect(try node("False") == false)
        #expect(try node("Unknown") == nil)
    }

    @Test func whatALeaseDoesNotKnowStays() throws {
        var lease = try Lease(json: [
            "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": ["name": "l", "namespace": "n"],
            "spec": ["holderIdentity": "a", "strategy": "OldestEmulationVersion", "leaseTransitions": 4],
        ])
        lease.renewTime = Timestamp(rfc3339: "2026-11-23T20:35:27.512Z")
        #expect(lease.json["spec"]?["strategy"] == "OldestEmulationVersion")
        #expect(lease.json["spec"]?["renewTime"] == "2026-11-23T20:35:27.512000Z")
    }

    @Test func paths() {
        #expect(Pod.resource.path(namespace: nil) == "/api/v1/pods")
        #expect(
            Pod.resource.path(namespace: "a", name: "b", subresource: "status") == "/api/v1/namespaces/a/pods/b/status")
        #expect(
            Lease.resource.path(namespace: "a", name: "b%c") == "/apis/coordination.k8s.io/v1/namespaces/a/leases/b%25c"
        )
        #expect(KubePatch.pointer("metadata", "labels", "a.b/c~d") == "/metadata/labels/a.b~1c~0d")
    }
}
