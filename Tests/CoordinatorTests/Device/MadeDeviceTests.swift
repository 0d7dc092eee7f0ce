import IPAMCore
import Testing

@testable import Coordinator
@testable import NetlinkKit

/// Who needs what was made.
@Suite struct MadeDeviceTests {
    var node = NodeModel.threeCards

    init() throws {
        try node.addBond("bond0", .activeBackup, members: ["ens1", "ens2"], alias: DeviceState.mark)
        for (name, parent, isMade) in [("bond0.7", "bond0", true), ("ens3.8", "ens3", true), ("ens3.9", "ens3", false)]
        {
            try node.addVLAN(name, 7, on: parent)
            node.change(name) { $0.alias = isMade ? DeviceState.mark : "" }
        }
    }

    private func unused() -> [String] { node.state.unusedDevices.map(\.name) }

    @Test func whatIsMarkedAndUnusedGoesTheUpperFirst() {
        #expect(unused() == ["ens3.8", "bond0.7", "bond0"])
        #expect(
            node.state.madeDevices.map { "\($0.link.name) \($0.uses)" } == [
                "ens3.8 []", "bond0.7 []", #"bond0 ["bond0.7 is on it"]"#,
            ])
    }

    @Test mutating func anInterfaceOfAPodKeepsEverythingBelow() {
        node.addUser("eth0 in /run/netns/pod", on: "bond0.7")
        #expect(unused() == ["ens3.8"])
        #expect(node.state.madeDevices[1].uses == ["eth0 in /run/netns/pod is on it"])
    }

    @Test mutating func anythingOnThisNodeKeepsItToo() throws {
        node.add("mv0", .macvlan, on: "ens3.8")
        #expect(unused() == ["bond0.7", "bond0"])
        try node.addRoute(to: "10.0.0.0/8", via: nil, over: "bond0.7")
        #expect(unused() == [])
        node = try Self().node
        try node.give("10.1.1.1/24", to: "bond0")
        #expect(unused() == ["ens3.8", "bond0.7"])
        let bridge = node.add("br0", .bridge)
        node.change("ens3.8") { $0.master = bridge }
        #expect(unused() == ["bond0.7"])
    }
}
