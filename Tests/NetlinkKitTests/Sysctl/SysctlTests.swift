import IPAMCore
import NetlinkAsync
import NetlinkKit
import SystemPackage
import Testing

@Suite
struct SysctlTests {
    /// Does something in a namespace of its own.
    private func inside<Value>(_ body: () throws -> Value) throws -> Value {
        try NetworkNamespace.create().perform { Result { try body() } }.get()
    }

    private func cat(_ path: String) throws -> String { try Shell.output("cat '/proc/sys/net/\(path)'") }

    @Test
    func saysWhetherItChangedAnything() throws {
        try inside { () throws in
            #expect(try Sysctl.number(of: .ipv4Forwarding) == 0)
            #expect(try Sysctl.apply(SysctlSetting(.ipv4Forwarding, 1)))
            #expect(try cat("ipv4/ip_forward") == "1")
            #expect(try !Sysctl.apply(SysctlSetting(.ipv4Forwarding, 1)))
            #expect(try Sysctl.number(of: .ipv4Forwarding) == 1)
        }
    }

    @Test
    func eachNamespaceHasItsOwn() async throws {
        let before = try cat("ipv4/ip_default_ttl")
        let first = try NetworkNamespace.create()
        let second = try NamespaceThread(in: NetworkNamespace.create())
        let key = try SysctlKey(["ipv4", "ip_default_ttl"])
        _ = try first.perform { () throws(NetlinkError) in try Sysctl.apply(SysctlSetting(key, 11)) }
        _ = try await second.perform { (_) throws(NetlinkError) in try Sysctl.apply(SysctlSetting(key, 22)) }
        #expect(try first.perform { () throws(NetlinkError) in try Sysctl.number(of: key) } == 11)
        #expect(try await second.perform { (_) throws(NetlinkError) in try Sysctl.number(of: key) } == 22)
        #expect(try cat("ipv4/ip_default_ttl") == before)
    }

    @Test
    func knowsTheSettingsOfALink() throws {
        try inside { () throws in
            _ = try Shell.output("ip link add nk.0.1 type veth peer name nk1")
            let link = LinkScope.link(try #require(InterfaceName("nk.0.1")))
            for setting: IPv4LinkSetting in [
                .acceptLocal, .arpAnnounce, .arpFilter, .arpIgnore, .arpNotify, .forwarding, .proxyARP,
                .reversePathFilter,
                .routeLocalnet, .sourceValidMark,
            ] {
                let other = try 1 - Sysctl.number(of: .ipv4(setting, of: link)).signum()
                #expect(try Sysctl.apply(SysctlSetting(.ipv4(setting, of: link), other)))
                #expect(try cat("ipv4/conf/nk.0.1/\(setting.rawValue)") == String(other))
            }
            for setting: IPv6LinkSetting in [
                .acceptDAD, .acceptRA, .addressGenerationMode, .autoconfiguration, .dadTransmits, .disable, .forwarding,
                .keepAddressesOnDown, .neighborNotify, .optimisticDAD, .proxyNDP,
            ] {
                let other = try 1 - Sysctl.number(of: .ipv6(setting, of: link)).signum()
                #expect(try Sysctl.apply(SysctlSetting(.ipv6(setting, of: link), other)))
                #expect(try cat("ipv6/conf/nk.0.1/\(setting.rawValue)") == String(other))
            }
        }
    }

    @Test
    func allResetsEveryLink() throws {
        try inside { () throws in
            _ = try Shell.output("ip link add nk0 type veth peer name nk1")
            let link = LinkScope.link(try #require(InterfaceName("nk0")))
            try Sysctl.apply(SysctlSetting(.ipv6(.disable, of: .all), 1))
            #expect(try Sysctl.number(of: .ipv6(.disable, of: link)) == 1)
            #expect(try Sysctl.number(of: .ipv6(.disable, of: .default)) == 1)
        }
    }

    @Test
    func whatIsMissingIsSaidSo() throws {
        try inside { () throws in
            let link = LinkScope.link(try #require(InterfaceName("none")))
            let key = SysctlKey.ipv4(.reversePathFilter, of: link)
            let reading = #expect(throws: NetlinkError.self) { try Sysctl.value(of: key) }
            #expect(reading?.code == .notFound)
            #expect(reading?.operation == "read sysctl net/ipv4/conf/none/rp_filter")
            let writing = #expect(throws: NetlinkError.self) { try Sysctl.apply(SysctlSetting(key, 0)) }
            #expect(writing?.code == .notFound)
            #expect(writing?.operation == "write sysctl net/ipv4/conf/none/rp_filter = 0")
        }
    }

    @Test(arguments: ["", "x", "1 2", "99999999999999999999"])
    func whatTheKernelDoesNotTakeIsInvalid(value: String) throws {
        try inside { () throws in
            let error = #expect(throws: NetlinkError.self) {
                try Sysctl.apply(SysctlSetting(.ipv4(.arpIgnore, of: .all), value))
            }
            #expect(error?.code == .invalid)
        }
    }

    @Test
    func aFolderIsNoSetting() throws {
        let error = #expect(throws: NetlinkError.self) { try Sysctl.value(of: SysctlKey(["ipv4"])) }
        #expect(error?.errno == .isDirectory)
    }

    @Test
    func blanksBetweenNumbersDoNotCount() throws {
        try inside { () throws in
            let key = try SysctlKey(["ipv4", "ping_group_range"])
            #expect(try Sysctl.apply(SysctlSetting(key, "5 6")))
            #expect(try Sysctl.value(of: key) == "5\t6")
            #expect(try !Sysctl.apply(SysctlSetting(key, " 5   6")))
            let error = #expect(throws: NetlinkError.self) { try Sysctl.number(of: key) }
            #expect(error?.code == .malformed)
        }
    }

    @Test
    func longValuesAreReadWhole() throws {
        try inside { () throws in
            let key = try SysctlKey(["ipv4", "ip_local_reserved_ports"])
            let ports = (0..<600).map { String(20_000 + 2 * $0) }.joined(separator: ",")
            #expect(try Sysctl.apply(SysctlSetting(key, ports)))
            #expect(try Sysctl.value(of: key) == ports)
            #expect(try Sysctl.apply(SysctlSetting(key, "")))
            #expect(try Sysctl.value(of: key).isEmpty)
        }
    }

    @Test
    func whatCannotBeReadIsWritten() throws {
        try inside { () throws in
            let flush = try SysctlKey(["ipv4", "route", "flush"])
            #expect(throws: NetlinkError.self) { try Sysctl.value(of: flush) }
            #expect(try Sysctl.apply(SysctlSetting(flush, 1)))
            // Reading a secret that was never set fails with EIO.
            let secret = try SysctlKey(["ipv6", "conf", "default", "stable_secret"])
            #expect(try Sysctl.apply(SysctlSetting(secret, "2001:db8::1")))
        }
    }

    @Test
    func aListStopsAtTheFirstRefusal() throws {
        try inside { () throws in
            let settings = [
                SysctlSetting(.ipv4Forwarding, 1), SysctlSetting(.ipv4(.arpNotify, of: .default), 0),
                SysctlSetting(.ipv4(.arpNotify, of: .all), 1),
            ]
            #expect(try Sysctl.apply(settings) == [settings[0], settings[2]])
            #expect(try Sysctl.apply(settings).isEmpty)
            let missing = try SysctlSetting(SysctlKey(["ipv4", "none"]), 1)
            #expect(throws: NetlinkError.self) {
                try Sysctl.apply([
                    SysctlSetting(.ipv4Forwarding, 0), missing, SysctlSetting(.ipv4(.arpNotify, of: .all), 0),
                ])
            }
            #expect(try Sysctl.number(of: .ipv4Forwarding) == 0)
            #expect(try Sysctl.number(of: .ipv4(.arpNotify, of: .all)) == 1)
        }
    }
}
