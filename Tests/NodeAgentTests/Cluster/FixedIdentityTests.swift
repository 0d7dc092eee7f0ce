import PoolModel
import Testing

@testable import NodeAgent

@Suite struct FixedIdentityTests {
    static func settings(_ more: String = "") throws -> AgentSettings {
        try AgentSettings(
            "enableIPv4: true\n\(more)", path: "conf.yml",
            environment: [
                "SPIDERPOOL_NODE_NAME": "n", "SPIDERPOOL_POD_NAME": "a", "SPIDERPOOL_POD_NAMESPACE": "kube-system",
            ])
    }

    static let pod = PodName(namespace: "shop", name: "web-0")

    static func controller(_ apiVersion: String, _ kind: String, _ name: String = "web") -> TopController {
        TopController(apiVersion: apiVersion, kind: kind, name: name, uid: "c")
    }

    @Test func whoKeepsAddresses() throws {
        let all = try Self.settings("enableStatefulSet: true\nenableKubevirtStaticIP: true\n")
        let set = try #require(FixedIdentity(Self.pod, Self.controller("apps/v1", "StatefulSet"), all))
        #expect(set.uid == "StatefulSet/shop/web-0" && set.name == "web-0" && set.controllerName == "web")
        let machine = Self.controller("kubevirt.io/v1", "VirtualMachineInstance", "vm")
        #expect(FixedIdentity(Self.pod, machine, all)?.uid == "VirtualMachineInstance/shop/vm")
        // A kind of that name in another group is somebody else's.
        #expect(FixedIdentity(Self.pod, Self.controller("apps.kruise.io/v1", "StatefulSet"), all) == nil)
        #expect(FixedIdentity(Self.pod, Self.controller("apps/v1", "Deployment"), all) == nil)
        let none = try Self.settings()
        #expect(FixedIdentity(Self.pod, Self.controller("apps/v1", "StatefulSet"), none) == nil)
        #expect(FixedIdentity(Self.pod, machine, none) == nil)
        // Claims say it in one text.
        #expect(FixedIdentity(uid: set.uid, controllerName: "web") == set)
        #expect(FixedIdentity(uid: "5b0e-11", controllerName: "web") == nil)
        #expect(FixedIdentity(uid: "Deployment/shop/web-0", controllerName: "web") == nil)
    }

    @Test(arguments: [
        ("apps/v1", "ReplicaSet", "Deployment"), ("batch/v1", "Job", "CronJob"), ("apps/v1", "DaemonSet", nil),
        ("argoproj.io/v1", "ReplicaSet", nil), ("v1", "Pod", nil),
    ]) func whoseControllerIsLookedUp(apiVersion: String, kind: String, parent: String?) {
        #expect(Self.controller(apiVersion, kind).parent?.kind == parent)
    }

    @Test func theApplicationOfTheCoreGroupHasNone() {
        let identity = Self.controller("v1", "Pod").application(in: "shop")
        #expect(identity.group.isEmpty && identity.version == "v1")
        #expect(Self.controller("apps/v1", "Deployment").application(in: "shop").group == "apps")
    }
}
