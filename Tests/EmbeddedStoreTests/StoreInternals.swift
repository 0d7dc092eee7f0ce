import CSQLite
import IPAMCore
import IPAMEngine

@testable import EmbeddedStore

extension EmbeddedStore {
    /// Every block of the file.
    func blocks() throws(StoreError) -> [StoredBlock] {
        var result: [StoredBlock] = []
        try forEachBlock(
            from: BlockKey(containing: .lowest(of: .ipv4)), through: BlockKey(containing: .highest(of: .ipv6))
        ) { result.append($0) }
        return result
    }

    /// Overwrites the content of all blocks, as a failing disk would.
    func damageBlocks() throws(StoreError) {
        try database.execute("UPDATE blocks SET body = substr(body, 1, length(body) - 1) || x'00'")
    }

    /// Changes the file behind the back of everything that guards it.
    func corrupt(_ sql: String) throws(StoreError) { try database.execute(sql) }

    /// How many pages were looked at since the last call, in memory or in the file.
    func takePageCount() -> Int {
        [SQLITE_DBSTATUS_CACHE_HIT, SQLITE_DBSTATUS_CACHE_MISS].reduce(0) { sum, kind in
            var (count, highest): (Int32, Int32) = (0, 0)
            sqlite3_db_status(database.handle, kind, &count, &highest, 1)
            return sum + Int(count)
        }
    }

    func setLayoutVersion(_ version: Int) throws(StoreError) {
        try database.execute("PRAGMA user_version = \(version)")
    }
}

extension MemoryStore {
    /// A memory store with the given content.
    init(copying blocks: [StoredBlock]) {
        self.init()
        _ = answer(.write(blocks.map { StoredBlock($0.block, version: 0) }))
    }
}
