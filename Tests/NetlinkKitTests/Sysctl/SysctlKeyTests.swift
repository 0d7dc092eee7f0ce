import IPAMCore
import NetlinkKit
import Testing

@Suite
struct SysctlKeyTests {
    @Test(arguments: [
        [], [""], ["."], [".."], ["ipv4", ".."], ["ipv4", "..", "..", "kernel", "hostname"], ["ipv4/ip_forward"],
        ["a\0b"],
        ["ipv4", "conf", "", "rp_filter"], [String(repeating: "k", count: 256)],
    ])
    func refusesWhatWouldLeaveTheFolder(components: [String]) {
        let error = #expect(throws: NetlinkError.self) { try SysctlKey(components) }
        #expect(error?.code == .invalid)
    }

    @Test
    func settingsAreFileNames() {
        #expect(IPv4LinkSetting(rawValue: "../all/forwarding") == nil)
        #expect(IPv6LinkSetting(rawValue: "..") == nil)
        #expect(IPv4LinkSetting(rawValue: "medium_id")?.rawValue == "medium_id")
    }

    @Test
    func dotsOfALinkAreNotSeparators() throws {
        let name = try #require(InterfaceName("eth0.100"))
        #expect(
            SysctlKey.ipv4(.reversePathFilter, of: .link(name)).description == "net/ipv4/conf/eth0.100/rp_filter")
        #expect(SysctlKey.ipv6(.disable, of: .default).description == "net/ipv6/conf/default/disable_ipv6")
        #expect(try SysctlKey(["ipv4", "ip_forward"]) == .ipv4Forwarding)
    }
}
