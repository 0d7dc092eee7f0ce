import JSONTree
import Testing

/// Interfaces of kinds that not every kernel has.
@Suite(.onFullKernel, .serialized) struct CoordinatorOnFullKernel {
    /// The kernel does not let the MAC address of an ipvlan interface change.
    @Test func macPrefixOnIPVLAN() throws {
        let lab = try CoordinatorLab()
        let pod = try lab.pod()
        try pod.plug("eth0", "ens1", ["172.22.4.10/16"], kind: "ipvlan mode l2")
        try OverlayStateTests.expectRefused(
            lab, pod, "eth0", ["podMACPrefix": "0a:1b"], containing: "not supported")
        try pod.add("eth0")
        #expect(try Traffic.ask(from: lab.node, "172.22.0.11", to: pod.space, "172.22.4.10") == "172.22.0.11")
    }
}
