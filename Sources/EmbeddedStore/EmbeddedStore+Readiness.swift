internal import Glibc

extension EmbeddedStore {
    /// Makes sure that a claim could be recorded now, without recording one.
    ///
    /// The write lock is free or becomes free, the file may be written, and the file system has room for a transaction.
    ///
    /// - Throws: ``StoreError`` with the reason.
    public mutating func checkReadiness() throws(StoreError) {
        do throws(TransactionFailure<StoreError>) {
            try transaction(durably: false) { store throws(StoreError) in try store.checkRoom() }
        } catch {
            switch error {
            case .store(let error), .refused(let error): throw error
            }
        }
    }

    /// Bytes that a transaction may need: its pages in the log, and some of the file.
    private static var roomOfTransaction: UInt64 { 64 << 10 }

    private func checkRoom() throws(StoreError) {
        // SQLite grants the write lock for a file that it cannot write, and refuses the first write.
        if database.isReadOnly { throw StoreError(.readOnly, path: path) }
        var system = statvfs()
        // A file system that does not count its blocks says 0 of 0.
        guard statvfs(path, &system) == 0, system.f_blocks > 0 else { return }
        let free = (geteuid() == 0 ? system.f_bfree : system.f_bavail) * UInt(system.f_frsize)
        guard free >= Self.roomOfTransaction else {
            throw StoreError(.full, path: path, detail: "\(free) bytes are free")
        }
    }
}
