import IPAMCore
import JSONTree
import KubeClient
import Testing

@testable import NodeAgent

/// What a SpiderEndpoint says, as a function of what it said and of what has happened.
@Suite struct EndpointChangeTests {
    static func change(_ interface: String, _ address: String?, uid: String = "u1", isFixed: Bool = false)
        -> EndpointChange
    {
        let owner = OwnerReference(apiVersion: "v1", kind: "Pod", name: "web-0", uid: uid)
        let element = address.flatMap { IPAddress($0) }.map { address in
            EndpointElement(
                interface: interface,
                addresses: [.init(address: address, prefixLength: 24, pool: "rack", gateway: nil)], routes: [],
                cleanGateway: true)
        }
        return EndpointChange(
            key: ObjectKey(namespace: "shop", name: "web-0"), uid: uid, node: "n-\(uid)", controllerKind: "StatefulSet",
            controllerName: "web", owner: isFixed ? nil : owner, interface: interface, element: element)
    }

    static func interfaces(_ object: JSONValue?) -> [String] {
        (object?["status"]?["current"]?["ips"]?.arrayValue ?? []).map(EndpointElement.interface(of:))
    }

    static func uid(_ object: JSONValue?) -> String? { object?["status"]?["current"]?["uid"]?.stringValue }

    @Test func eth0IsToldFirstAndAPodOwnsItsObject() {
        var object = Self.change("net1", "10.0.0.2").applied(to: nil)
        object = Self.change("eth0", "10.0.0.1").applied(to: object)
        #expect(Self.interfaces(object) == ["eth0", "net1"])
        #expect(object?["metadata"]?["ownerReferences"]?.arrayValue?.first?["uid"]?.stringValue == "u1")
        // Without a gateway there was no route to leave out.
        #expect(object?["status"]?["current"]?["ips"]?.arrayValue?.first?["cleanGateway"] == nil)
        // The same again changes nothing.
        #expect(Self.change("eth0", "10.0.0.1").applied(to: object) == object)
    }

    @Test func whatAnotherPodLeftIsReplacedAndALateRemovalChangesNothing() {
        let old = Self.change("net1", "10.0.0.2").applied(to: nil)
        let new = Self.change("eth0", "10.0.0.3", uid: "u2").applied(to: old)
        #expect(Self.interfaces(new) == ["eth0"])
        #expect(Self.change("eth0", nil).applied(to: new) == new)
        #expect(Self.change("eth0", nil, uid: "u2").applied(to: new) == nil)
    }

    @Test func aRemovalLeavesTheRestAsItIs() {
        var object = Self.change("eth0", "10.0.0.1", isFixed: true).applied(to: nil)
        object = Self.change("net1", "10.0.0.2", isFixed: true).applied(to: object)
        #expect(object?["metadata"]?["ownerReferences"] == nil)
        // A release knows the stable name of a fixed workload, not the Pod's UID.
        let left = Self.change("net1", nil, uid: "StatefulSet/shop/web-0", isFixed: true).applied(to: object)
        #expect(Self.interfaces(left) == ["eth0"])
        #expect(Self.uid(left) == "u1")
        #expect(left?["status"]?["current"]?["node"]?.stringValue == "n-u1")
        #expect(Self.change("eth0", nil, uid: "StatefulSet/shop/web-0", isFixed: true).applied(to: left) == nil)
        #expect(Self.change("eth0", nil).applied(to: nil) == nil)
    }
}
