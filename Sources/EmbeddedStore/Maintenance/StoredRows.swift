internal import IPAMCore

/// A row of the table of blocks, readable or not.
struct BlockRow {
    /// Which block it is: what the content says, or where that cannot be read, what stands beside it.
    let key: BlockKey?
    /// The number of the row in the table.
    let number: Int64
    /// Whether the block cannot be found under its key.
    let isMisplaced: Bool
    let touched: UInt64
    let oldestRest: Int64?
    let restedAt: Int64?
    /// The version; `nil` when it is none.
    let version: UInt64?
    let content: Result<Block, StoreError>

    var name: String { key.map { "\($0)" } ?? "with an unreadable key" }
}

/// A row of the index of owners.
struct OwnerRow: Hashable {
    let owner: String
    let interface: String
    let address: IPAddress
    let isContainer: Bool

    /// The rows that a claim has to have.
    static func rows(of claim: Claim) -> [OwnerRow] {
        claim.indexedOwners.map {
            OwnerRow(owner: $0.name, interface: claim.interface, address: claim.address, isContainer: $0.isContainer)
        }
    }
}

extension EmbeddedStore {
    /// All rows of the table of blocks, in ascending order.
    func storedBlocks() throws(StoreError) -> [BlockRow] {
        var rows: [BlockRow] = []
        // Not by the index of keys, which may be what is damaged.
        try database.query(
            "SELECT key, version, touched, oldest_rest, body, rested_at, rowid FROM blocks NOT INDEXED ORDER BY key"
        ) { row in
            let base = IPAddress(storageBytes: row.blob(0))
            let stored = base.flatMap { BlockKey(containing: $0).base == $0 ? BlockKey(containing: $0) : nil }
            var key = stored
            var content: Result<Block, StoreError>
            do throws(BlockDecodingError) {
                let block = try Block(decoding: row.blob(4))
                key = block.key
                content = .success(block)
            } catch {
                let name = stored.map { "\($0)" } ?? "with an unreadable key"
                content = .failure(StoreError(.damaged, path: path, detail: "block \(name): \(error)"))
            }
            rows.append(
                BlockRow(
                    key: key, number: row.integer(6), isMisplaced: key != stored,
                    touched: UInt64(bitPattern: row.integer(2)),
                    oldestRest: row.isNull(3) ? nil : row.integer(3), restedAt: row.isNull(5) ? nil : row.integer(5),
                    version: 1..<Int64.max ~= row.integer(1) ? UInt64(row.integer(1)) : nil,
                    content: content))
            return true
        }
        return rows
    }

    /// The addresses to which something happened, as far as the history reaches back, as one bit for each slot.
    func slotsInHistory() throws(StoreError) -> [BlockKey: UInt64] {
        var slots: [BlockKey: UInt64] = [:]
        try database.query("SELECT DISTINCT address FROM history") { row in
            guard let address = IPAddress(storageBytes: row.blob(0)) else { return true }
            let key = BlockKey(containing: address)
            if let slot = key.slot(of: address) { slots[key, default: 0] |= 1 << UInt64(slot) }
            return true
        }
        return slots
    }

    /// All rows of the index of owners whose address can be read.
    func ownerRows() throws(StoreError) -> [OwnerRow] {
        var rows: [OwnerRow] = []
        try database.query("SELECT owner, interface, address, is_container FROM owners") { row in
            if let address = IPAddress(storageBytes: row.blob(2)) {
                rows.append(
                    OwnerRow(
                        owner: row.text(0), interface: row.text(1), address: address, isContainer: row.integer(3) != 0))
            }
            return true
        }
        return rows
    }
}
