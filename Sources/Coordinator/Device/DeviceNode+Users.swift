internal import Glibc
internal import NetlinkKit
internal import SystemPackage

extension DeviceNode {
    /// Looks into all other network namespaces for links that are on links of this one.
    ///
    /// The namespaces of all processes are found, and those that something is mounted on. One that only an open file keeps
    /// alive is not, nor one that is seen only by a process in another mount or process namespace.
    ///
    /// - Parameter passingOver: Whether namespaces that may not be looked into are passed over.
    /// - Returns: The links.
    /// - Throws: ``DeviceError`` when a namespace cannot be looked into, for then it is not known who uses what.
    public func foreignUsers(passingOver: Bool = false) throws(DeviceError) -> [DeviceUser] {
        do throws(NetlinkError) {
            let own = try NetworkNamespace.current()
            var known: Set<NetworkNamespace.Identity> = [try own.identity]
            var users: [DeviceUser] = []
            for path in Self.namespacePaths() {
                guard let namespace = try Self.open(path, passingOver) else { continue }
                guard known.insert(try namespace.identity).inserted else { continue }
                let links = try namespace.perform { () throws(NetlinkError) in
                    var socket = try RouteSocket()
                    let links = try socket.links()
                    // A link counts its parent in the parent's namespace; only ours is meant.
                    let number = try own.withDescriptor { descriptor throws(NetlinkError) in
                        try socket.namespaceID(of: .descriptor(descriptor))
                    }
                    return number.map { number in links.filter { $0.parentNamespace == number } } ?? []
                }
                for link in links where link.isOnItsParent {
                    guard let parent = link.parent else { continue }
                    users.append(DeviceUser(parent: parent, words: "\(link.name) in \(path)"))
                }
            }
            return users
        } catch {
            throw DeviceError(error)
        }
    }

    /// Removes the devices that carry the mark and that nothing needs.
    ///
    /// They are switched off first and looked at again, so that an `ADD` meanwhile either is seen, or waits for the lock and
    /// makes them anew.
    ///
    /// - Returns: The names of what was removed.
    /// - Throws: ``DeviceError`` when it is not known who uses what, or the kernel refuses.
    public mutating func removeUnused() throws(DeviceError) -> [String] {
        let candidates = try surveyWithUsers().unusedDevices
        guard !candidates.isEmpty else { return [] }
        do throws(NetlinkError) {
            for link in candidates { try socket.update(link.index, LinkSettings(isUp: false)) }
        } catch {
            throw DeviceError(error)
        }
        let unused = try surveyWithUsers().unusedDevices.map(\.index)
        do throws(NetlinkError) {
            for link in candidates.reversed() where !unused.contains(link.index) {
                try socket.update(link.index, LinkSettings(isUp: true))
            }
            let removed = candidates.filter { unused.contains($0.index) }
            for link in removed { try socket.remove(link.index) }
            return removed.map(\.name)
        } catch {
            throw DeviceError(error)
        }
    }

    /// Looks at everything of this namespace, and at what others have on it.
    ///
    /// - Returns: All links, addresses, routes and users.
    /// - Throws: ``DeviceError`` when a namespace cannot be looked into.
    public mutating func surveyWithUsers() throws(DeviceError) -> DeviceState {
        var state = try survey()
        state.users = try foreignUsers()
        return state
    }

    /// `nil` when the namespace, or the process that was in it, is gone meanwhile, or is passed over.
    private static func open(_ path: String, _ passingOver: Bool) throws(NetlinkError) -> NetworkNamespace? {
        do throws(NetlinkError) { return try NetworkNamespace(path: FilePath(path)) } catch {
            let isNone = error.code == .gone || error.code == .notANamespace
            guard isNone || passingOver && error.code == .notPermitted else { throw error }
            return nil
        }
    }

    /// Paths that lead to namespaces: those that are mounted, which have telling names, and then those of processes.
    private static func namespacePaths() -> [String] {
        var paths: [String] = []
        for line in ProcessFile.lines(of: "/proc/self/mountinfo") where line.contains(" - nsfs ") {
            // 412 25 0:4 net:[4026532567] /run/netns/pod rw shared:210 - nsfs nsfs rw
            let fields = line.split(separator: " ")
            if fields.count > 4, fields[3].hasPrefix("net:") { paths.append(String(fields[4])) }
        }
        guard let folder = opendir("/proc") else { return paths }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if Int32(name) != nil { paths.append("/proc/\(name)/ns/net") }
        }
        return paths
    }
}
