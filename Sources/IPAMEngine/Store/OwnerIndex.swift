package import IPAMCore

/// In which of the blocks in memory an owner, found by UID or by container, has an address.
///
/// Blocks are called by small numbers, their places. Two owners may share what they are looked up by, so a place that is
/// found is a candidate: whoever looks still compares the texts.
package struct OwnerIndex: Sendable {
    private var owners = OwnerTable()

    /// Makes an empty index.
    package init() {}

    /// The places that may have a claim that is looked for, ascending, none twice.
    package func places(foundBy searches: [OwnerSearch], block: (Int) -> Block?) -> [Int] {
        var found: [Int] = []
        for search in searches {
            search.forEachHash { hash in
                owners.forEach(hash) { place in
                    guard let claims = block(place)?.claims else { return }
                    if claims.indices.contains(where: { search.finds(claims[$0].holder) }) { found.append(place) }
                }
            }
        }
        guard found.count > 1 else { return found }
        found.sort()
        var unique: [Int] = []
        for place in found where unique.last != place { unique.append(place) }
        return unique
    }

    /// Brings the owners up to date: what was known of a block becomes what is known now.
    package mutating func update(from old: Block, to new: Block, at place: Int) {
        var slots = old.occupied | new.occupied
        var (oldIndex, newIndex) = (0, 0)
        while slots != 0 {
            let bit = slots & (0 &- slots)
            slots ^= bit
            let (wasThere, isThere) = (old.occupied & bit != 0, new.occupied & bit != 0)
            let isSame = wasThere && isThere && old.claims[oldIndex].holder == new.claims[newIndex].holder
            if wasThere {
                if !isSame { old.claims[oldIndex].holder.forEachHash { owners.remove($0, place) } }
                oldIndex += 1
            }
            if isThere {
                if !isSame { new.claims[newIndex].holder.forEachHash { owners.insert($0, place) } }
                newIndex += 1
            }
        }
    }
}

extension Claim.Holder {
    /// What the claim is found by: its UID, and its container; a retained one has none.
    fileprivate func forEachHash(_ body: (OwnerHash) -> Void) {
        body(identityHash)
        if hasContainer, attachmentHash != identityHash { body(attachmentHash) }
    }
}
