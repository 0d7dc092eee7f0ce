import NetlinkKit
import SystemPackage
import Testing

/// Both ways between this library and `ip netns`.
@Suite
struct NamespaceNameTests {
    @Test
    func ipSeesWhatWeMake() throws {
        let name = Scratch.name()
        defer { _ = try? NetworkNamespace.remove(named: name) }
        let namespace = try NetworkNamespace.create(named: name)
        let listed = try Shell.output("ip netns list").split(separator: "\n").map { $0.split(separator: " ")[0] }
        #expect(listed.contains(Substring(name)))
        let inside = try Shell.output("ip netns exec \(name) readlink /proc/self/ns/net")
        #expect(try inside == namespace.identity.description)
        #expect(try NetworkNamespace.names().contains(name))

        _ = try Shell.output("ip netns delete \(name)")
        #expect(try !NetworkNamespace.names().contains(name))
        #expect(try !NetworkNamespace.remove(named: name))
    }

    @Test
    func weSeeWhatIpMakes() throws {
        let name = Scratch.name()
        _ = try Shell.output("ip netns add \(name)")
        defer { _ = try? Shell("ip netns delete \(name) 2>/dev/null") }
        let inside = try Shell.output("ip netns exec \(name) readlink /proc/self/ns/net")
        #expect(try NetworkNamespace(named: name).identity.description == inside)
        #expect(try NetworkNamespace.names().contains(name))

        #expect(try NetworkNamespace.remove(named: name))
        #expect(try !Shell.output("ip netns list").contains(name))
        let error = #expect(throws: NetlinkError.self) { _ = try NetworkNamespace(named: name) }
        #expect(error?.code == .gone)
    }

    @Test
    func aNameIsGivenOnce() throws {
        let name = Scratch.name()
        defer { _ = try? NetworkNamespace.remove(named: name) }
        let namespace = try NetworkNamespace.create(named: name)
        let error = #expect(throws: NetlinkError.self) { _ = try NetworkNamespace.create(named: name) }
        #expect(error?.code == .exists)
        #expect(try namespace.isSame(as: NetworkNamespace(named: name)))
    }

    @Test
    func namesReachOtherMountNamespaces() throws {
        let name = Scratch.name()
        defer { _ = try? NetworkNamespace.remove(named: name) }
        _ = try NetworkNamespace.create(named: name)
        let mount = try Shell.output("awk '$5 == \"/run/netns\"' /proc/self/mountinfo")
        #expect(mount.contains(" shared:"))
        // One mount for the folder, however many names were made.
        #expect(mount.split(separator: "\n").count == 1)
    }

    @Test(arguments: ["", ".", "..", "a/b", "/", "a\0b", String(repeating: "n", count: 256)])
    func refusesWhatIsNoFileName(name: String) {
        for attempt in [
            { _ = try NetworkNamespace.create(named: name) }, { try NetworkNamespace.remove(named: name) },
            { _ = try NetworkNamespace(named: name) },
        ] as [() throws -> Void] {
            let error = #expect(throws: NetlinkError.self) { try attempt() }
            #expect(error?.code == .invalid)
        }
    }

    @Test
    func manyAtOnce() async throws {
        let names = (0..<16).map { _ in Scratch.name() }
        defer { for name in names { _ = try? NetworkNamespace.remove(named: name) } }
        try await withThrowingTaskGroup { group in
            for name in names { group.addTask { _ = try NetworkNamespace.create(named: name) } }
            try await group.waitForAll()
        }
        #expect(try Set(names).isSubset(of: NetworkNamespace.names()))
        #expect(try Set(names.map { try NetworkNamespace(named: $0).identity }).count == names.count)
    }
}
