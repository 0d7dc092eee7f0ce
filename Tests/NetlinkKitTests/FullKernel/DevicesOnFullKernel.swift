import IPAMCore
import NetlinkKit
import Testing

/// RDMA and devlink, in the first namespace of the virtual machine: soft devices live in no other.
@Suite(.onFullKernel, .serialized)
struct DevicesOnFullKernel {
    @Test
    func listsASoftRDMADevice() throws {
        var lab = try LinkLaboratory()
        let link = try lab.add("rdma-d0", .dummy, LinkSettings(isUp: true))
        defer { try? lab.socket.remove(link.index) }
        _ = try Shell.output("rdma link add nk-rxe0 type rxe netdev rdma-d0")
        defer { _ = try? Shell.output("rdma link delete nk-rxe0") }
        var socket = try RDMASocket()
        let device = try #require(try socket.devices().first { $0.name == "nk-rxe0" })
        #expect(device.ports.map(\.number) == [1])
        #expect(device.ports.map(\.link) == [link.index])
        #expect(device.ports.map(\.linkName) == ["rdma-d0"])
    }

    @Test
    func listsDevlinkDevicesAsDevlinkDoes() throws {
        let listed = try Shell.output("devlink dev").split(separator: "\n").map(String.init)
        var socket = try GenericSocket()
        #expect(try socket.devlinkDevices().map(\.description) == listed)
    }
}
