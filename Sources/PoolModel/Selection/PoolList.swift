internal import IPAMCore

/// The list of one family with its patterns replaced by the pools that match.
struct PoolList {
    let family: AddressFamily
    /// Names in declared order, each once; a pool that does not exist is `nil`.
    private(set) var entries: [(name: String, pool: SpiderIPPool?)] = []
    private(set) var unmatchedPatterns: [String] = []

    /// Whether nobody asks for the family.
    var isEmpty: Bool { entries.isEmpty && unmatchedPatterns.isEmpty }

    /// The list that the first source has for the family, or the default pools in the order of their names.
    ///
    /// - Throws: ``PoolSelectionError`` for a malformed pattern and for a name that stands there twice.
    init(_ request: PoolRequest, family: AddressFamily, pools: [SpiderIPPool]) throws(PoolSelectionError) {
        self.family = family
        guard let source = request.sources.first else {
            let defaults = pools.filter { $0.spec.isDefault && $0.family == family }
            entries = defaults.sorted { $0.name < $1.name }.map { ($0.name, $0) }
            return
        }
        let names = source.names[family] ?? []
        guard !names.isEmpty else { return }
        let byName = Dictionary(pools.map { ($0.name, $0) }) { first, _ in first }
        let familyNames = byName.values.filter { $0.family == family }.map(\.name).sorted()
        var literals: Set<String> = []
        var listed: Set<String> = []
        for name in names {
            guard NamePattern.isPattern(name) else {
                guard literals.insert(name).inserted else {
                    throw .duplicate(name, family: family, interface: request.interface)
                }
                if listed.insert(name).inserted { entries.append((name, byName[name])) }
                continue
            }
            let matches = familyNames.filter(try Self.pattern(name).matches)
            if matches.isEmpty { unmatchedPatterns.append(name) }
            for match in matches where listed.insert(match).inserted { entries.append((match, byName[match])) }
        }
    }

    private static func pattern(_ text: String) throws(PoolSelectionError) -> NamePattern {
        do throws(NamePattern.ParseError) {
            return try NamePattern(parsing: text)
        } catch {
            throw .malformed(error)
        }
    }
}
