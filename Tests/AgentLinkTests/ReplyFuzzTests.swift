import Foundation
import IPAMCore
import Testing

@testable import AgentLink

/// Replies that are nearly right: none stops the program, and what is read does not depend on the pieces they come in.
///
/// `FUZZ_ITERATIONS` sets the number of replies, `FUZZ_SEED` the seed.
@Suite
struct ReplyFuzzTests {
    static let iterations = Int(ProcessInfo.processInfo.environment["FUZZ_ITERATIONS"] ?? "") ?? 5_000
    static let seed = UInt64(ProcessInfo.processInfo.environment["FUZZ_SEED"] ?? "") ?? .random(in: 0 ... .max)

    @Test
    func piecesDoNotMatter() {
        var random = SplitMix64(seed: Self.seed)
        let samples = ReplyReaderTests.good.map { ReplyReaderTests.wire($0.text) }
        let words = [
            "\r\n", "\r\n\r\n", "HTTP/1.1 200 OK\r\n", "Content-Length: 3\r\n", "0\r\n\r\n", ":", ";", "ff", "\n", " ",
        ]
        var accepted = 0
        for iteration in 0..<Self.iterations {
            var bytes = samples[Int.random(in: 0..<samples.count, using: &random)]
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                let place = Int.random(in: 0...bytes.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
                case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
                case 2: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0...9, using: &random)))
                case 3: bytes.insert(contentsOf: words[Int.random(in: 0..<words.count, using: &random)].utf8, at: place)
                default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 20)], at: place)
                }
            }
            let whole = read(bytes)
            if case .success = whole { accepted += 1 }
            let context = "FUZZ_SEED=\(Self.seed), reply \(iteration): \(bytes)"
            guard read(Self.pieces(bytes, &random)) == whole, read(bytes.map { [$0] }) == whole else {
                Issue.record("\(context)")
                return
            }
            if case .success(let reply) = whole, reply.body.count > bytes.count || !(200...599).contains(reply.status) {
                Issue.record("\(context) gives \(reply)")
                return
            }
        }
        // A run whose replies are all refused would test the refusals only, and the other way round.
        #expect((Self.iterations / 20..<Self.iterations * 19 / 20).contains(accepted), "\(accepted) accepted")
    }

    private static func pieces(_ bytes: [UInt8], _ random: inout SplitMix64) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Int.random(in: 1...12, using: &random))
            pieces.append(bytes[start..<end])
            start = end
        }
        return pieces
    }
}
