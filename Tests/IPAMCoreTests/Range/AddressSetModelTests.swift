import IPAMCore
import Testing

/// Sets of addresses against sets of small integers.
///
/// `MODEL_CASES` sets the number of cases in each universe, `MODEL_SEED` the seed.
@Suite struct AddressSetModelTests {
    static let cases = RunSetting.number("MODEL_CASES", default: 2_000)
    static let seed = RunSetting.number("MODEL_SEED", default: 1)

    /// Fails with all that is needed to repeat the case.
    private func require(
        _ holds: Bool, _ what: String, _ operands: AddressSet..., case number: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        try #require(
            holds, "MODEL_SEED=\(Self.seed), case \(number): \(what) of \(operands)", sourceLocation: sourceLocation)
    }

    private func generator(for universe: Universe) -> CaseGenerator {
        CaseGenerator(seed: Self.seed &* 31 &+ universe.name.utf8.reduce(0) { $0 &* 33 &+ Int($1) })
    }

    /// Everything that can be asked of one set.
    private func check(_ set: AddressSet, _ model: Set<Int>, in universe: Universe, case number: Int) throws {
        let sorted = model.sorted()
        try require(set.addresses.map { universe.number(of: $0) } == sorted, "addresses", set, case: number)
        try require(set.count == UInt128(model.count), "count", set, case: number)
        try require(set.isEmpty == model.isEmpty, "isEmpty", set, case: number)
        try require(set.lowest == sorted.first.map { universe.addresses[$0] }, "lowest", set, case: number)
        try require(set.highest == sorted.last.map { universe.addresses[$0] }, "highest", set, case: number)
        let families = Set(sorted.map { universe.addresses[$0].family })
        try require(set.family == (families.count == 1 ? families.first : nil), "family", set, case: number)
        for (lower, upper) in zip(set.ranges, set.ranges.dropFirst()) {
            let apart = lower.upperBound < upper.lowerBound && lower.upperBound.adding(1) != upper.lowerBound
            try require(apart, "ranges", set, case: number)
        }
        for (index, address) in universe.addresses.enumerated() {
            try require(set.contains(address) == model.contains(index), "contains(\(address))", set, case: number)
            let below = sorted.firstIndex { $0 >= index } ?? sorted.count
            let rank = model.contains(index) ? UInt128(below) : nil
            try require(set.rank(of: address) == rank, "rank(of: \(address))", set, case: number)
            let next = below < sorted.count ? universe.addresses[sorted[below]] : nil
            try require(set.next(atOrAfter: address) == next, "next(atOrAfter: \(address))", set, case: number)
        }
        for (rank, index) in sorted.enumerated() {
            try require(set.address(at: UInt128(rank)) == universe.addresses[index], "address(at:)", set, case: number)
        }
        try require(AddressSet(set.cidrs) == set, "cidrs", set, case: number)
        let mirrored = AddressSet(sorted.reversed().map { universe.addresses[$0] })
        try require(mirrored == set && mirrored.hashValue == set.hashValue, "equality", set, case: number)
    }

    @Test(arguments: Universe.all) func queries(_ universe: Universe) throws {
        var generator = generator(for: universe)
        for number in 0..<Self.cases / 4 {
            let (set, model) = universe.randomSet(using: &generator)
            try check(set, model, in: universe, case: number)
            let range = universe.randomRange(using: &generator)
            let inRange = universe.model(of: range)
            try require(set.contains(range) == inRange.isSubset(of: model), "contains(\(range))", set, case: number)
            let common = set.intersection(range)
            try require(
                common.addresses.map { universe.number(of: $0) } == model.intersection(inRange).sorted(),
                "intersection(\(range))", set, case: number)
            try require(common == set.intersection(AddressSet(range)), "intersection(\(range))", set, case: number)
        }
    }

    @Test(arguments: Universe.all) func algebra(_ universe: Universe) throws {
        var generator = generator(for: universe)
        func numbers(_ set: AddressSet) -> [Int?] { set.addresses.map { universe.number(of: $0) } }
        for number in 0..<Self.cases {
            let (left, leftModel) = universe.randomSet(using: &generator)
            let (right, rightModel) = generator.oneIn(8) ? (left, leftModel) : universe.randomSet(using: &generator)
            let results: [(String, AddressSet, Set<Int>)] = [
                ("union", left.union(right), leftModel.union(rightModel)),
                ("subtracting", left.subtracting(right), leftModel.subtracting(rightModel)),
                ("intersection", left.intersection(right), leftModel.intersection(rightModel)),
                ("symmetricDifference", left.symmetricDifference(right), leftModel.symmetricDifference(rightModel)),
            ]
            for (name, set, model) in results {
                try require(numbers(set) == model.sorted(), name, left, right, case: number)
                let rebuilt = AddressSet(set.ranges.reversed())
                try require(rebuilt == set, "canonical \(name)", left, right, case: number)
            }
            try require(
                left.isSubset(of: right) == leftModel.isSubset(of: rightModel), "isSubset", left, right, case: number)
            try require(
                left.isDisjoint(with: right) == leftModel.isDisjoint(with: rightModel), "isDisjoint", left, right,
                case: number)
            try require((left == right) == (leftModel == rightModel), "==", left, right, case: number)
        }
    }

    @Test(arguments: Universe.all) func builderSteps(_ universe: Universe) throws {
        var generator = generator(for: universe)
        for number in 0..<Self.cases / 2 {
            let (start, startModel) = universe.randomSet(using: &generator)
            var builder = AddressSetBuilder(start)
            var model = startModel
            var steps = "start with \(start)"
            for _ in 0..<generator.below(10) {
                let range = universe.randomRange(using: &generator)
                switch generator.below(7) {
                case 0, 1:
                    builder.insert(range)
                    model.formUnion(universe.model(of: range))
                    steps += ", insert \(range)"
                case 2, 3:
                    builder.remove(range)
                    model.subtract(universe.model(of: range))
                    steps += ", remove \(range)"
                case 4:
                    let (set, members) = universe.randomSet(using: &generator)
                    builder.insert(set)
                    model.formUnion(members)
                    steps += ", insert \(set)"
                case 5:
                    let (set, members) = universe.randomSet(using: &generator)
                    builder.remove(set)
                    model.subtract(members)
                    steps += ", remove \(set)"
                default:
                    _ = builder.build()
                    steps += ", build"
                }
            }
            let built = builder.build()
            let members = built.addresses.map { universe.number(of: $0) }
            try require(members == model.sorted(), "builder (\(steps))", built, case: number)
        }
    }

    @Test(arguments: Universe.all) func textReadsBack(_ universe: Universe) throws {
        var generator = generator(for: universe)
        for number in 0..<Self.cases / 4 {
            let (set, _) = universe.randomSet(using: &generator)
            guard set.family != nil else { continue }
            var entries = set.addresses.map(\.description)
            entries.shuffle(using: &generator)
            let merged = try AddressSet(parsing: entries)
            try require(merged == set, "shuffled entries", set, case: number)
            try require(try AddressSet(parsing: set.rangeTexts) == set, "rangeTexts", set, case: number)
        }
    }
}
