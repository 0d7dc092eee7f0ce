import Glibc
import NetlinkKit
import SystemPackage
import Testing

@Suite
struct NamespacePinTests {
    @Test
    func aPinKeepsTheNamespaceAlive() throws {
        try Scratch.withFolder { folder in
            let path = folder.appending("pin")
            let identity = try pinned(at: path)
            #expect(try NetworkNamespace(path: path).identity == identity)
            #expect(try NetworkNamespace.unpin(path))
            #expect(try !NetworkNamespace.unpin(path))
            #expect(throws: NetlinkError.self) { _ = try NetworkNamespace(path: path) }
        }
    }

    /// Pins a namespace that nothing else holds.
    private func pinned(at path: FilePath) throws -> NetworkNamespace.Identity {
        let namespace = try NetworkNamespace.create()
        try namespace.pin(at: path)
        return try namespace.identity
    }

    @Test
    func takesNoPathThatIsTaken() throws {
        try Scratch.withFolder { folder in
            let path = folder.appending("file")
            _ = try Shell.output("echo precious > '\(path)'")
            let namespace = try NetworkNamespace.create()
            let error = #expect(throws: NetlinkError.self) { try namespace.pin(at: path) }
            #expect(error?.code == .exists)
            #expect(error?.operation == "pin network namespace at \(path)")
            #expect(try Shell.output("cat '\(path)'") == "precious")
            let missing = #expect(throws: NetlinkError.self) { try namespace.pin(at: folder.appending("no/pin")) }
            #expect(missing?.code == .notFound)
        }
    }

    @Test
    func leavesNothingWhenItMayNot() throws {
        try Scratch.withFolder { folder in
            let path = folder.appending("pin")
            let namespace = try NetworkNamespace.create()
            try NetworkNamespace.current().perform { () throws(NetlinkError) in
                Scratch.dropSystemAdministration()
                let error = #expect(throws: NetlinkError.self) { try namespace.pin(at: path) }
                #expect(error?.code == .notPermitted)
            }
            #expect(access(path.string, F_OK) != 0)
        }
    }

    @Test
    func unpinsWhatSomebodyHasOpen() throws {
        try Scratch.withFolder { folder in
            let path = folder.appending("pin")
            let identity = try pinned(at: path)
            // A descriptor that was opened through the mount keeps it busy.
            let user = try NetworkNamespace(path: path)
            #expect(try NetworkNamespace.unpin(path))
            #expect(access(path.string, F_OK) != 0)
            #expect(try user.identity == identity)
        }
    }

    @Test
    func unpinsWhatIsMountedTwice() throws {
        try Scratch.withFolder { folder in
            let path = folder.appending("pin")
            _ = try pinned(at: path)
            _ = try Shell.output("mount --bind /proc/self/ns/net '\(path)'")
            #expect(try NetworkNamespace.unpin(path))
            #expect(try !Shell.output("cat /proc/self/mountinfo").contains(path.string))
        }
    }

    @Test
    func cleansUpWhatAnUnmountLeft() throws {
        try Scratch.withFolder { folder in
            let path = folder.appending("pin")
            _ = try pinned(at: path)
            _ = try Shell.output("umount '\(path)'")
            #expect(try NetworkNamespace.unpin(path))
            #expect(access(path.string, F_OK) != 0)
        }
    }

    @Test
    func removesALinkAndNotItsTarget() throws {
        try Scratch.withFolder { folder in
            let path = folder.appending("pin")
            let link = folder.appending("link")
            let identity = try pinned(at: path)
            _ = try Shell.output("ln -s pin '\(link)'")
            #expect(try NetworkNamespace.unpin(link))
            #expect(try NetworkNamespace(path: path).identity == identity)
            #expect(try NetworkNamespace.unpin(path))
        }
    }

    @Test
    func leavesAloneWhatIsNoNamespace() throws {
        try Scratch.withFolder { folder in
            let file = folder.appending("file")
            _ = try Shell.output("echo precious > '\(file)'")
            for path in [file, folder] {
                let error = #expect(throws: NetlinkError.self) { try NetworkNamespace.unpin(path) }
                #expect(error?.code == .notANamespace)
            }
            #expect(try Shell.output("cat '\(file)'") == "precious")
            let process = #expect(throws: NetlinkError.self) { try NetworkNamespace.unpin("/proc/self/ns/net") }
            #expect(process != nil)
        }
    }
}
