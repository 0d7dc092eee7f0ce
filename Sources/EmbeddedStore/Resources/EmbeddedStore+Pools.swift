internal import JSONTree
public import PoolModel

extension EmbeddedStore {
    /// All pools, sorted by name.
    public func pools() throws(StoreError) -> [SpiderIPPool] {
        try read(try resources(ofKind: SpiderIPPool.kind.name))
    }

    /// The pools with the given names, sorted by name; names that do not exist are left out.
    public func pools(named names: [String]) throws(StoreError) -> [SpiderIPPool] {
        try read(try resources(ofKind: SpiderIPPool.kind.name, named: names))
    }

    /// The pools that a selection has to know: those that the request names, all of them when it has a pattern, the
    /// default ones when it names none.
    ///
    /// - Complexity: O(log n) in the number of pools for each name, unless there is a pattern.
    public func pools(consideredBy request: PoolRequest) throws(StoreError) -> [SpiderIPPool] {
        guard let source = request.sources.first else {
            return try read(try defaultResources(ofKind: SpiderIPPool.kind.name))
        }
        let names = source.names.values.flatMap { $0 }
        return names.contains(where: NamePattern.isPattern) ? try pools() : try pools(named: names)
    }

    /// Number of pools.
    public func countPools() throws(StoreError) -> Int {
        let count = try database.first(
            "SELECT count(*) FROM resources WHERE kind = ?", [.text(SpiderIPPool.kind.name)]
        ) { $0.integer(0) }
        return Int(count ?? 0)
    }

    /// All reservations, sorted by name.
    public func reservations() throws(StoreError) -> [SpiderReservedIP] {
        try read(try resources(ofKind: SpiderReservedIP.kind.name))
    }

    private func read<Kind: Resource>(_ stored: [StoredResource]) throws(StoreError) -> [Kind] {
        var result: [Kind] = []
        result.reserveCapacity(stored.count)
        for resource in stored {
            let tree: JSONValue
            do throws(JSONParseError) {
                tree = try JSONValue(parsing: resource.body)
            } catch {
                throw StoreError(.damaged, path: path, detail: "\(resource.kind) \(resource.name): \(error)")
            }
            do throws(InvalidResource) {
                result.append(try Kind(tree: tree))
            } catch {
                throw StoreError(.damaged, path: path, detail: "\(error)")
            }
        }
        return result
    }
}
