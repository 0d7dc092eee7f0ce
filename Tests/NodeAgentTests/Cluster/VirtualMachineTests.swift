import IPAMCore
import IPAMEngine
import JSONTree
import KubeClient
import TestSupport
import Testing

@testable import NodeAgent

/// Virtual machines keep their addresses, whatever the Pods that run them are called.
@Suite struct VirtualMachineTests {
    @Test func aMachineKeepsItsAddressUntilItIsDeleted() async throws {
        let lab = try await AgentLab(try await ControlPlane.shared)
        try await lab.installMachines()
        let (one, two, pool) = (lab.name("one"), lab.name("two"), lab.name("pool"))
        for node in [one, two] { try await lab.makeNode(node) }
        try await lab.makePool(pool, "10.48.0.0/16", ips: ["10.48.0.10-10.48.0.20"])
        let (here, there) = (try await lab.startAgent(on: one), try await lab.startAgent(on: two))
        func claims() async throws -> [Claim] { try await lab.claims(of: pool) }

        let name = lab.name("vm")
        let machine = try await lab.makeMachine("VirtualMachine", name, owner: nil)
        let instance = try await lab.makeMachine("VirtualMachineInstance", name, owner: machine)
        let pod = try await lab.makePod(lab.name("launcher-a"), on: one, owner: instance)
        let given = try await here.add(pod, "c1", pools: [pool])

        // It is stopped: there is no Pod and no instance, and the machine keeps the address.
        try await lab.delete("virtualmachineinstance", name)
        try await lab.delete("pod", pod.name.name)
        try await here.delete(pod, "c1")
        #expect(try await claims().map(\.state) == [.retained])

        // It is started on another node.
        let next = try await lab.makeMachine("VirtualMachineInstance", name, owner: machine)
        let source = try await lab.makePod(lab.name("launcher-b"), on: two, owner: next)
        #expect(try await there.add(source, "c2", pools: [pool]) == given)

        // It moves while it runs: both Pods have the address, which belongs to the target from then on.
        let target = try await lab.makePod(
            lab.name("launcher-c"), on: one, annotations: ["kubevirt.io/migrationJobName": "job"], owner: next)
        #expect(try await here.add(target, "c3", pools: [pool]) == given)
        try await lab.delete("pod", source.name.name)
        try await there.delete(source, "c2")
        #expect(try await claims().map(\.containerID) == ["c3"])
        #expect(try await claims().map(\.node) == [one])

        // It is deleted.
        for kind in ["virtualmachineinstance", "virtualmachine"] { try await lab.delete(kind, name) }
        try await lab.delete("pod", target.name.name)
        try await here.delete(target, "c3")
        #expect(try await claims().isEmpty)
        for agent in [here, there] { await agent.stop() }
        await lab.end()
    }
}

extension AgentLab {
    /// Makes the server know the two kinds of KubeVirt that the agent asks for.
    fileprivate func installMachines() async throws {
        let kinds = ["VirtualMachine", "VirtualMachineInstance"]
        func plural(_ kind: String) -> String { kind.lowercased() + "s" }
        for kind in kinds {
            try await apply([
                "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                "metadata": ["name": .string("\(plural(kind)).kubevirt.io")],
                "spec": [
                    "group": "kubevirt.io", "scope": "Namespaced",
                    "names": ["kind": .string(kind), "plural": .string(plural(kind))],
                    "versions": [
                        [
                            "name": "v1", "served": true, "storage": true,
                            "schema": ["openAPIV3Schema": ["type": "object"]],
                        ]
                    ],
                ],
            ])
        }
        let names = kinds.map { "customresourcedefinition/\(plural($0)).kubevirt.io" }
        let result = try await plane.kubectl(["wait", "--for=condition=Established", "--timeout=30s"] + names)
        try #require(result.status == 0, "\(result.errors)")
    }

    /// Makes a machine or its instance.
    ///
    /// - Returns: what makes it an owner.
    fileprivate func makeMachine(
        _ kind: String, _ name: String, owner: OwnerReference?
    ) async throws -> OwnerReference {
        var metadata: JSONObject = ["name": .string(name), "namespace": "default"]
        if let owner { metadata["ownerReferences"] = .array([owner.json]) }
        try await apply(["apiVersion": "kubevirt.io/v1", "kind": .string(kind), "metadata": .object(metadata)])
        let result = try await plane.kubectl(["get", kind, name, "--output=jsonpath={.metadata.uid}"])
        return OwnerReference(
            apiVersion: "kubevirt.io/v1", kind: kind, name: name, uid: result.output, isController: true)
    }
}
