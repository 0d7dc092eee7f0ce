internal import IPAMCore

/// A row of the table of blocks, readable or not.
struct BlockRow {
    let key: BlockKey?
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
        try database.query("SELECT key, version, touched, oldest_rest, body, rested_at FROM blocks ORDER BY key") {
            row in
            let base = IPAddress(storageBytes: row.blob(0))
            let key = base.flatMap { BlockKey(containing: $0).base == $0 ? BlockKey(containing: $0) : nil }
            var content = Result<Block, StoreError>.failure(StoreError(.damaged, path: path, detail: "unreadable key"))
            if let key {
                do throws(StoreError) {
                    content = .success(try decode(row.blob(4), key))
                } catch {
                    content = .failure(error)
                }
            }
            rows.append(
                BlockRow(
                    key: key, touched: UInt64(bitPattern: row.integer(2)),
                    oldestRest: row.isNull(3) ? nil : row.integer(3), restedAt: row.isNull(5) ? nil : row.integer(5),
                    version: 1..<Int64.max ~= row.integer(1) ? UInt64(row.integer(1)) : nil,
                    content: content))
            return true
        }
        return rows
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
