internal import IPAMCore

/// The areas that a set of addresses touches, without a list of them.
struct AreaRuns {
    private struct Run {
        let family: AddressFamily
        let first: UInt128
        var last: UInt128
    }

    private var runs: [Run] = []
    /// How many there are.
    private(set) var count: UInt128 = 0

    init(_ addresses: AddressSet) {
        for range in addresses.ranges {
            let (first, last) = (range.lowerBound.bits >> 16, range.upperBound.bits >> 16)
            if let end = runs.last, end.family == range.family, end.last >= first {
                runs[runs.count - 1].last = max(end.last, last)
            } else {
                runs.append(Run(family: range.family, first: first, last: last))
            }
        }
        count = runs.reduce(0) { $0 + ($1.last - $1.first + 1) }
    }

    /// The area with so many others before it.
    func area(at rank: UInt128) -> BlockArea? {
        var rank = rank
        for run in runs {
            let size = run.last - run.first + 1
            if rank < size { return BlockArea(family: run.family, number: run.first + rank) }
            rank -= size
        }
        return nil
    }

    func contains(_ area: BlockArea) -> Bool {
        runs.contains { $0.family == area.family && $0.first <= area.number && area.number <= $0.last }
    }
}
