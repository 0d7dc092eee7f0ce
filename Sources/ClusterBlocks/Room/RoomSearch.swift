internal import IPAMCore
internal import IPAMEngine

/// What room is looked for.
struct RoomSearch {
    let addresses: AddressSet
    let freshness: Block.Freshness
    let moment: Timestamp
    /// What the engine has plans for already.
    private let planned: [BlockKey: UInt64]
    let areas: AreaRuns

    init(_ candidate: PoolCandidate, _ freshness: Block.Freshness, _ moment: Timestamp, _ planned: [BlockVersion]) {
        addresses = candidate.addresses
        self.freshness = freshness
        self.moment = moment
        self.planned = Dictionary(planned.map { ($0.key, $0.version) }, uniquingKeysWith: { $1 })
        areas = AreaRuns(addresses)
    }

    /// Whether the engine has plans for a block in this state.
    func isPlanned(_ key: BlockKey, _ version: UInt64) -> Bool { planned[key] == version }

    /// Whether a block has an address of one of these kinds; since when, for one that rests.
    func room(in block: Block, _ kinds: [Block.Freshness]) -> Timestamp? {
        let mask = block.key.mask(of: addresses)
        guard mask != 0 else { return nil }
        for kind in kinds {
            guard let slot = block.vacancy(in: mask, now: moment, freshness: kind) else { continue }
            return block.rest(of: block.key.address(at: slot))?.since ?? Timestamp(milliseconds: .min)
        }
        return nil
    }
}
