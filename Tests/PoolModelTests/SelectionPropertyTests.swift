import IPAMCore
import PoolModel
import Testing

@Suite struct SelectionPropertyTests {
    @Test("the order of the pools does not matter, and neither does asking again", arguments: [1, 2, 3] as [UInt64])
    func permutations(seed: UInt64) throws {
        var random = TestRandom(state: seed)
        let labels = ["zone": "6"]
        var facts = SelectionFacts()
        (facts.nodeName, facts.namespaceName) = ("n1", "default")
        (facts.nodeLabels, facts.namespaceLabels, facts.podLabels) = (labels, labels, labels)
        facts.networkAttachment = NetworkAttachment(name: "mv1")
        for _ in 0..<300 {
            let pools = (0..<Int.random(in: 1...12, using: &random)).map { Self.pool($0, &random) }
            let names = ["p1", "p2*", "p?", "p[3-6]", "p7", "none", "p1[01]"].shuffled(using: &random)
            let list = Array(names.prefix(Int.random(in: 0...4, using: &random)))
            var instructions = PoolInstructions(interface: "eth0", configuredPools: [.ipv4: list, .ipv6: list])
            if Bool.random(using: &random) { instructions.configuredPools[.ipv6] = nil }
            let request = try PoolPlan(instructions).request
            let expected = Self.summary(PoolSelection(request, facts: facts, pools: pools))
            for _ in 0..<4 {
                let shuffled = pools.shuffled(using: &random)
                #expect(
                    Self.summary(PoolSelection(request, facts: facts, pools: shuffled)) == expected, "seed \(seed)")
            }
            Self.check(PoolSelection(request, facts: facts, pools: pools), seed: seed)
        }
    }

    /// Every candidate was accepted, none twice, and whoever states more conditions stands in front.
    private static func check(_ selection: PoolSelection, seed: UInt64) {
        for choice in selection.considered {
            let accepted = choice.verdicts.filter(\.isAccepted).map(\.pool)
            #expect(Set(accepted) == Set(choice.candidates.map(\.name)), "seed \(seed)")
            #expect(Set(choice.verdicts.map(\.pool)).count == choice.verdicts.count, "seed \(seed)")
            let flags = choice.candidates.map { pool in
                [
                    pool.spec.podAffinity != nil, !pool.spec.nodeName.isEmpty, pool.spec.nodeAffinity != nil,
                    !pool.spec.namespaceName.isEmpty, pool.spec.namespaceAffinity != nil, !pool.spec.multusName.isEmpty,
                ].map { $0 ? "1" : "0" }.joined()
            }
            #expect(flags == flags.sorted(by: >), "seed \(seed)")
            for (index, pair) in zip(flags, flags.dropFirst()).enumerated() where pair.0 == pair.1 {
                let places = choice.candidates[index...(index + 1)].compactMap { pool in
                    accepted.firstIndex(of: pool.name)
                }
                #expect(places == places.sorted(), "seed \(seed)")
            }
        }
    }

    private static func pool(_ number: Int, _ random: inout TestRandom) -> SpiderIPPool {
        let isIPv4 = Int.random(in: 0..<4, using: &random) > 0
        var pool = SpiderIPPool(named: "p\(number)", subnet: isIPv4 ? "10.0.0.0/24" : "fd00::/64")
        func chance() -> Bool { Int.random(in: 0..<3, using: &random) == 0 }
        pool.spec.isDefault = chance()
        pool.spec.isDisabled = Int.random(in: 0..<6, using: &random) == 0
        let selector = LabelSelector(matchLabels: ["zone": Bool.random(using: &random) ? "6" : "7"])
        if chance() { pool.spec.podAffinity = selector }
        if chance() { pool.spec.nodeName = ["n1"] }
        if chance() { pool.spec.nodeAffinity = selector }
        if chance() { pool.spec.namespaceName = ["default"] }
        if chance() { pool.spec.namespaceAffinity = selector }
        if chance() { pool.spec.multusName = ["mv1"] }
        return pool
    }

    private static func summary(_ selection: PoolSelection) -> [String] {
        var lines = selection.considered.flatMap { choice in
            choice.verdicts.map { "\(choice.family) \($0.pool) \($0.refusal?.description ?? "serves")" }
                + choice.candidates.map { "\(choice.family) \($0.name)" } + choice.unmatchedPatterns
        }
        switch selection.outcome {
        case .success(let choices): lines.append("\(choices.map(\.family))")
        case .failure(let error): lines.append("\(error)")
        }
        return lines
    }
}
