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
