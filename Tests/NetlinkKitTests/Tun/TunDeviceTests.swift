import Glibc
import IPAMCore
import NetlinkKit
import SystemPackage
import Testing

/// tun and tap links of the running kernel, each test in a namespace of its own; needs root and `/dev/net/tun`.
@Suite
struct TunDeviceTests {
    /// `/dev` of the virtual machine has no tun, and nobody there who would make it.
    init() {
        mkdir("/dev/net", 0o755)
        mknod("/dev/net/tun", S_IFCHR | 0o666, 10 << 8 | 200)
    }

    @Test
    func endsWithTheProgramUnlessItIsToStay() throws {
        try inOwnNamespace {
            var lab = try LinkLaboratory()
            do {
                let passing = try TunDevice(carrying: .packets)
                #expect(try lab.link(passing.name).kind == .tun)
                #expect(try lab.link(passing.name).hardwareType == 65534)  // ARPHRD_NONE
                let staying = try TunDevice(named: try LinkLaboratory.name("tap0"), carrying: .frames)
                try staying.persist(owner: 1234, group: 99)
                let busy = #expect(throws: NetlinkError.self) {
                    _ = try TunDevice(named: try LinkLaboratory.name("tap0"), carrying: .frames)
                }
                #expect(busy?.code == .busy)
                #expect(busy?.operation == "add tap link tap0")
            }
            #expect(try lab.socket.links().map(\.name) == ["lo", "tap0"])
            let shown = try Shell.output("ip -details link show dev tap0")
            #expect(shown.contains("tun type tap pi off"))
            #expect(shown.contains("persist on user 1234 group 99"))
            let tap = try lab.link("tap0")
            #expect(tap.hardwareType == 1)
            #expect(!tap.hasCarrier)
            do {
                let again = try TunDevice(named: try LinkLaboratory.name("tap0"), carrying: .frames)
                try lab.socket.update(tap.index, LinkSettings(isUp: true))
                #expect(try lab.link("tap0").hasCarrier)
                #expect(again.name == "tap0")
            }
            try lab.socket.remove(tap.index)
            #expect(try lab.socket.links().map(\.name) == ["lo"])
        }
    }

    @Test
    func whatIsSentOnTheLinkIsReadByTheProgram() throws {
        try inOwnNamespace {
            let tun = try TunDevice(named: try LinkLaboratory.name("tun0"), carrying: .packets)
            // Without an IPv6 address the link is silent until there is something to send.
            _ = try Shell.output(
                """
                echo 1 > /proc/sys/net/ipv6/conf/tun0/disable_ipv6
                ip link set tun0 up; ip addr add 10.0.0.1/24 dev tun0; ping -c 1 -W 1 10.0.0.2 >/dev/null || true
                """)
            var packet = [UInt8](repeating: 0, count: 2048)
            let count = try tun.withDescriptor { descriptor in
                try packet.withUnsafeMutableBytes { try descriptor.read(into: $0) }
            }
            #expect(count == 84)
            #expect(packet[0] == 0x45)
            #expect(Array(packet[16..<20]) == [10, 0, 0, 2])
        }
    }
}
