internal import Glibc
internal import SystemPackage

/// The mounts that naming a namespace takes (mount(2)).
enum MountPoint {
    /// Mounts what is at one path on another, `mount --bind`.
    static func bind(_ source: FilePath, on target: FilePath, operation: String) throws(NetlinkError) {
        try mount(source, on: target, flags: UInt(MS_BIND), operation: operation)
    }

    /// Takes the uppermost mount off a path, now, even when files on it are open, `umount --lazy`.
    static func detach(_ path: FilePath, operation: String) throws(NetlinkError) {
        try systemCall(operation) {
            unsafe path.withPlatformString { unsafe umount2($0, CInt(MNT_DETACH | UMOUNT_NOFOLLOW)) }
        }
    }

    /// Makes what is mounted below a folder appear in other mount namespaces too, `mount --make-rshared`; the folder becomes a
    /// mount of its own where it is none.
    static func share(_ folder: FilePath, operation: String) throws(NetlinkError) {
        let flags = UInt(MS_SHARED | MS_REC)
        do throws(NetlinkError) {
            try mount("", on: folder, flags: flags, operation: operation)
        } catch {
            guard error.errno == .invalidArgument else { throw error }
            try mount(folder, on: folder, flags: UInt(MS_BIND | MS_REC), operation: operation)
            try mount("", on: folder, flags: flags, operation: operation)
        }
    }

    private static func mount(
        _ source: FilePath, on target: FilePath, flags: UInt, operation: String
    ) throws(NetlinkError) {
        try systemCall(operation) {
            unsafe source.withPlatformString { source in
                unsafe target.withPlatformString { unsafe Glibc.mount(source, $0, "none", flags, nil) }
            }
        }
    }
}
