internal import IPAMCore
internal import JSONTree
internal import PoolModel

extension EmbeddedStore {
    /// Looks at everything in the file, and changes nothing.
    ///
    /// - Returns: what is wrong, the worst last; empty when nothing is.
    /// - Throws: ``StoreError`` when the file cannot be read at all.
    public func check() throws(StoreError) -> [Finding] {
        var findings = try checkFile()
        let blocks = try checkBlocks(&findings)
        try checkOwners(blocks, &findings)
        try checkResources(blocks, &findings)
        return findings.sorted { ($0.severity.rank, $0.subject) < ($1.severity.rank, $1.subject) }
    }

    /// What SQLite's `PRAGMA integrity_check` says of an index that does not fit its table.
    private static let wordsAboutIndices = ["missing from index", "entries in index", "non-unique entry"]

    private func checkFile() throws(StoreError) -> [Finding] {
        var findings: [Finding] = []
        try database.query("PRAGMA integrity_check(100)") { row in
            let problem = row.text(0)
            if Self.wordsAboutIndices.contains(where: { problem.contains($0) }) {
                findings.append(Finding(.inconsistency, "file", "\(problem); repairing builds the index again"))
            } else if problem != "ok" {
                findings.append(
                    Finding(
                        .damage, "file",
                        "\(problem); if repairing does not help, move the file away and restore a backup"))
            }
            return true
        }
        return findings
    }

    /// The blocks that can be read; the others, and wrong numbers beside a block, are noted.
    private func checkBlocks(_ findings: inout [Finding]) throws(StoreError) -> [Block] {
        var blocks: [Block] = []
        let rows = try storedBlocks()
        for key in Set(try slotsInHistory().keys).subtracting(rows.compactMap(\.key)) {
            findings.append(
                Finding(
                    .damage, "block \(key)",
                    "it is missing; repairing keeps the owners that the index knows and quarantines the other used "
                        + "addresses"))
        }
        for row in rows {
            switch row.content {
            case .failure(let error):
                findings.append(
                    Finding(
                        .damage, "block \(row.name)",
                        "\(error); repairing keeps the owners that the index knows and quarantines the other used "
                            + "addresses"))
            case .success(let block):
                let isSearchable =
                    row.touched == block.occupied | block.resting && row.oldestRest == block.oldestRest?.milliseconds
                    && row.restedAt == block.rests.map(\.until).min()?.milliseconds
                if !isSearchable || row.version == nil || row.isMisplaced {
                    findings.append(
                        Finding(
                            .inconsistency, "block \(row.name)",
                            "the numbers beside it do not fit its content; "
                                + "repairing computes them again"))
                }
                blocks.append(block)
            }
        }
        return blocks
    }

    private func checkOwners(_ blocks: [Block], _ findings: inout [Finding]) throws(StoreError) {
        var expected: Set<OwnerRow> = []
        let readable = Set(blocks.map(\.key))
        for claim in blocks.flatMap(\.claims) { expected.formUnion(OwnerRow.rows(of: claim)) }
        for row in try ownerRows() where readable.contains(BlockKey(containing: row.address)) {
            if expected.remove(row) == nil {
                findings.append(
                    Finding(
                        .inconsistency, "\(row.address)",
                        "the index names \(row.owner), who does not own it; repairing "
                            + "removes the entry"))
            }
        }
        for row in expected {
            findings.append(
                Finding(
                    .inconsistency, "\(row.address)", "the index lacks its owner \(row.owner); repairing adds the entry"
                ))
        }
    }

    private func checkMeaning(of pool: SpiderIPPool) throws(StoreError) {
        do throws(InvalidResource) {
            _ = try ResolvedPool(pool)
        } catch {
            throw StoreError(.damaged, path: path, detail: "\(error)")
        }
    }

    private func checkResources(_ blocks: [Block], _ findings: inout [Finding]) throws(StoreError) {
        var pools: [String: AddressSet] = [:]
        for resource in try resources(ofKind: SpiderIPPool.kind.name) {
            do throws(StoreError) {
                guard let pool = try self.pools(named: [resource.name]).first else { continue }
                pools[pool.name] = pool.declaredAddresses
                try checkMeaning(of: pool)
            } catch {
                findings.append(
                    Finding(
                        .damage, "SpiderIPPool \(resource.name)",
                        "\(error.detail); apply its manifest again, or delete it"))
            }
        }
        for claim in blocks.flatMap(\.claims) where pools[claim.pool]?.contains(claim.address) != true {
            let problem =
                pools[claim.pool] == nil
                ? "its pool \(claim.pool) does not exist" : "it is outside its pool \(claim.pool)"
            findings.append(Finding(.notice, "\(claim.address)", "\(problem); it stays with \(claim.ownerName)"))
        }
    }
}

extension Finding.Severity {
    fileprivate var rank: Int {
        switch self {
        case .notice: 0
        case .inconsistency: 1
        case .damage: 2
        }
    }
}
