import Glibc

/// The end of a file system that was mounted on a folder.
struct Unmount {
    private let path: String

    init(_ folder: TemporaryFolder) { path = folder.path }

    /// Takes it away, whoever still looks at it.
    func now() { umount2(path, Int32(bitPattern: UInt32(MNT_DETACH))) }
}

extension TemporaryFolder {
    /// Writes until nothing more fits.
    func fill() {
        let descriptor = open(path("fill"), O_WRONLY | O_CREAT, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let chunk = [UInt8](repeating: 1, count: 4096)
        while Glibc.write(descriptor, chunk, chunk.count) > 0 {}
    }

    /// Makes an empty file; `false` when that is impossible.
    func makeEmpty(_ name: String) -> Bool { mknod(path(name), S_IFREG | 0o600, 0) == 0 }
}
