import JSONTree
import Testing

@testable import NodeAgent

@Suite struct CoordinatorConfigTests {
    static func object(_ spec: JSONValue = [:], _ status: JSONValue = ["phase": "Synced"]) -> JSONValue {
        ["metadata": ["name": "default"], "spec": spec, "status": status]
    }

    static func answer(_ object: JSONValue?, _ annotations: [String: String] = [:]) -> String {
        do throws(AgentRefusal) {
            return JSONValue.object(try CoordinatorConfig(object, annotations: annotations).json).text()
        } catch {
            return "refused: \(error)"
        }
    }

    @Test func whatIsNotSaidHasItsDefault() {
        let usual =
            #"{"mode":"auto","overlayPodCIDR":[],"serviceCIDR":[],"tunePodRoutes":true,"hostRuleTable":500,"podNICs":["eth0"]}"#
        #expect(Self.answer(Self.object()) == usual)
        // Each list has a default of its own.
        let status: JSONValue = ["phase": "Synced", "overlayPodCIDR": ["10.244.0.0/16"], "serviceCIDR": .null]
        #expect(Self.answer(Self.object([:], status)).contains(#""overlayPodCIDR":["10.244.0.0/16"],"serviceCIDR":[]"#))
    }

    @Test func everythingIsPassedOn() {
        let spec: JSONValue = [
            "mode": "underlay", "tunePodRoutes": false, "hijackCIDR": ["169.254.0.0/16"],
            "policyRoutes": [["dst": "10.9.0.0/16", "gw": "10.6.0.1"]], "podMACPrefix": "0a:1b",
            "vethLinkAddress": "169.254.100.1", "podDefaultRouteNIC": "net1", "hostRuleTable": 600, "podRPFilter": 2,
            "txQueueLen": 1000, "vethMTU": 1400, "podCIDRType": "auto",
        ]
        #expect(
            Self.answer(Self.object(spec))
                == #"{"mode":"underlay","overlayPodCIDR":[],"serviceCIDR":[],"tunePodRoutes":false,"#
                + #""hijackCIDR":["169.254.0.0/16"],"policyRoutes":[{"dst":"10.9.0.0/16","gw":"10.6.0.1"}],"#
                + #""podMACPrefix":"0a:1b","vethLinkAddress":"169.254.100.1","podDefaultRouteNIC":"net1","#
                + #""hostRuleTable":600,"podRPFilter":2,"txQueueLen":1000,"vethMTU":1400,"podNICs":["eth0"]}"#)
    }

    @Test func thePodsAnnotationWins() {
        let answer = Self.answer(
            Self.object(["podDefaultRouteNIC": "net1"]),
            [
                "ipam.spidernet.io/default-route-nic": "net2",
                "k8s.v1.cni.cncf.io/networks": "a, ns/b@data0, c",
            ])
        #expect(answer.contains(#""podDefaultRouteNIC":"net2","podDefaultRouteNICPinned":true"#))
        #expect(answer.contains(#""podNICs":["eth0","net1","data0","net3"]"#))
    }

    @Test func anAnnotationThatNobodyCanReadSaysNothing() {
        #expect(!Self.answer(Self.object(), ["k8s.v1.cni.cncf.io/networks": "[{"]).contains("podNICs"))
    }

    @Test func whatIsNotReadyIsRefused() {
        #expect(Self.answer(nil) == "refused: coordinator config not found")
        #expect(Self.answer(Self.object([:], [:])) == "refused: spidercoordinator: default no ready")
        #expect(
            Self.answer(Self.object([:], ["phase": "NotReady", "reason": "no calico pools"]))
                == "refused: spidercoordinator: default no ready: no calico pools")
        #expect(
            Self.answer(Self.object(["txQueueLen": -1]))
                == "refused: spidercoordinator: default: spec.txQueueLen: expected an integer in 0...4294967295, got number -1"
        )
    }
}
