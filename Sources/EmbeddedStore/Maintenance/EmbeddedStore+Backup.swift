internal import Glibc

extension EmbeddedStore {
    /// Writes a complete copy of the file while it is in use.
    ///
    /// The copy is on the disk and readable for its owner only, like the file, before it gets its name. Whoever is killed
    /// before that leaves `COPY.partial-PID`.
    ///
    /// - Parameter copy: Path of the copy; nothing may be there.
    /// - Throws: ``StoreError``, also when something is there already; its path is that of the copy when it is about that.
    public func backUp(to copy: String) throws(StoreError) {
        let partial = "\(copy).partial-\(getpid())"
        guard access(copy, F_OK) != 0 else {
            throw StoreError(.notPermitted, path: copy, detail: Self.somethingIsThere)
        }
        unlink(partial)
        guard mknod(partial, S_IFREG | 0o600, 0) == 0 else { throw StoreError(systemError: errno, path: copy) }
        do throws(StoreError) {
            try writeCopy(to: partial, for: copy)
            try Self.finish(partial, as: copy)
        } catch {
            unlink(partial)
            throw error
        }
    }

    private static let somethingIsThere = "something is there already"

    private func writeCopy(to partial: String, for copy: String) throws(StoreError) {
        do throws(StoreError) {
            try database.run("VACUUM INTO ?", [.text(partial)])
        } catch {
            // What is wrong with the file itself is told of the file.
            guard error.code != .damaged, error.code != .busy else { throw error }
            throw StoreError(error.code, path: copy, detail: error.detail)
        }
    }

    private static func finish(_ partial: String, as copy: String) throws(StoreError) {
        let descriptor = open(partial, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreError(systemError: errno, path: copy) }
        defer { close(descriptor) }
        // SQLite makes a file without a log; whoever restores it wants one like the original.
        let format = Database.Header.loggedFormat
        guard pwrite(descriptor, format, format.count, off_t(Database.Header.formatOffset)) == format.count,
            fsync(descriptor) == 0
        else { throw StoreError(systemError: errno, path: copy, otherwise: .inputOutput) }
        // Unlike a rename, a link never replaces anything. Where there are none, it was seen that nothing is there.
        let isNamed =
            link(partial, copy) == 0 ? unlink(partial) == 0 : errno != EEXIST && rename(partial, copy) == 0
        guard isNamed else {
            throw StoreError(
                .notPermitted, path: copy, detail: errno == EEXIST ? somethingIsThere : String(cString: strerror(errno))
            )
        }
        try syncFolder(of: copy)
    }
}
