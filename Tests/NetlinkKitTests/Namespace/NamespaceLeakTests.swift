import Glibc
import NetlinkKit
import SystemPackage
import Testing

@Suite
struct NamespaceLeakTests {
    @Test
    func nothingGrowsOverTenThousandOperations() async throws {
        // In a process of its own, since other tests open descriptors at the same time.
        await #expect(processExitsWith: .success) {
            let name = Scratch.name()
            let named = try NetworkNamespace.create(named: name)
            defer { _ = try? NetworkNamespace.remove(named: name) }
            let key = try SysctlKey(["ipv4", "ip_forward"])
            func tenOperations() throws {
                for value in [0, 1] {
                    let namespace = try NetworkNamespace(named: name)
                    try namespace.perform { () throws(NetlinkError) in
                        try Sysctl.apply(SysctlSetting(key, value))
                        _ = try Sysctl.number(of: key)
                    }
                    _ = try namespace.isSame(as: named)
                }
                _ = try NetworkNamespace.names()
                // What fails must not leave anything either.
                _ = try? NetworkNamespace(path: "/etc/passwd")
                _ = try? named.perform { () throws(NetlinkError) in _ = try Sysctl.value(of: SysctlKey(["none"])) }
                _ = try? named.pin(at: "/etc/passwd")
            }
            for _ in 0..<100 { try tenOperations() }
            let before = (Scratch.entries(in: "fd"), Scratch.entries(in: "task"))
            let bytesBefore = try Scratch.residentBytes()
            for _ in 0..<1000 { try tenOperations() }
            let after = (Scratch.entries(in: "fd"), Scratch.entries(in: "task"))
            let grown = try Scratch.residentBytes() - bytesBefore
            // Threads of the pool that have had nothing to do for a while end.
            guard after.0 == before.0, after.1 <= before.1, grown < 1 << 20 else {
                print("descriptors and threads before \(before), after \(after); \(grown) octets more")
                exit(1)
            }
        }
    }
}
