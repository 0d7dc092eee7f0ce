import Glibc
import Testing

/// What an administrator removes by hand when no Pod uses it any more.
@Suite(.onFullKernel, .serialized) struct RemovalOnFullKernel {
    @Test func onlyWhatNobodyUses() throws {
        let node = try InterfaceNode(
            """
            for n in 1 2 3; do ip link add ens$n type dummy; done; ip link set ens3 up
            ip link add link ens3 name admin type vlan id 5
            """)
        func tool(_ command: String) throws -> Outcome { try node.start([Program.ifacer, command]).wait() }
        #expect(try tool("devices").output == "no devices\n")
        try node.add(#""interfaces": ["ens1", "ens2"], "bond": {"name": "bond0"}, "vlanID": 7"#)
        try node.add(#""interfaces": ["ens3"], "vlanID": 8"#)
        let pod = try node.neighbour("p")
        try node.shell("ip link add link bond0.7 name pod0 type ipvlan mode l2; ip link set pod0 netns \(pod)")
        #expect(
            try tool("devices").output == """
                ens3.8: unused
                bond0.7: pod0 in /run/netns/\(pod) is on it
                bond0: bond0.7 is on it

                """)
        #expect(try tool("remove-unused").output == "removed ens3.8\n")
        #expect(try tool("remove-unused").output == "nothing to remove\n")
        #expect(try node.isUp("bond0.7") && node.link("admin") != nil)
        try node.shell("ip link delete pod0", in: pod)
        #expect(try tool("remove-unused").output == "removed bond0.7\nremoved bond0\n")
        #expect(try node.shell("ip -brief link show | cut -d' ' -f1") == "lo\nens1\nens2\nens3\nadmin@ens3\n")
        #expect(try tool("remove").status == 2)
        // What a Pod uses cannot become a member of a bond either.
        try node.shell("ip link add link ens3 name pod1 type ipvlan mode l2; ip link set pod1 netns \(pod)")
        let refusal = try node.refusal(#""interfaces": ["ens2", "ens3"], "bond": {"name": "bond0"}"#)
        #expect(refusal.contains("interfaces[1]: pod1 in /run/netns/\(pod) is on it"), "\(refusal)")
    }
}
