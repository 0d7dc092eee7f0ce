import Testing

/// Every parser with texts that are nearly right: none stops the program, and what they say holds together.
///
/// `FUZZ_ITERATIONS` sets the number of texts for each parser, `FUZZ_SEED` the seed.
@Suite struct FuzzTests {
    static let iterations = RunSetting.number("FUZZ_ITERATIONS", default: 20_000)
    static let seed = RunSetting.number("FUZZ_SEED", default: 1)

    @Test(arguments: FuzzedParser.all) func survives(_ parser: FuzzedParser) {
        var mutator = TextMutator(seed: Self.seed)
        var accepted = 0
        for iteration in 0..<Self.iterations {
            let bytes = mutator.next()
            let outcome = parser.probe(bytes)
            if outcome.accepted { accepted += 1 }
            guard let complaint = outcome.complaint else { continue }
            let input = String(decoding: bytes, as: UTF8.self).debugDescription
            Issue.record("FUZZ_SEED=\(Self.seed), text \(iteration), \(input) = \(bytes): \(complaint)")
            return
        }
        // A run whose texts are all refused would test the refusals only.
        #expect(accepted > Self.iterations / 200, "only \(accepted) of \(Self.iterations) texts accepted")
    }
}

extension FuzzedParser: CustomTestStringConvertible {
    var testDescription: String { name }
}
