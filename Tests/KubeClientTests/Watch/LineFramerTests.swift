import IPAMCore
import Testing

@testable import KubeClient

@Suite struct LineFramerTests {
    /// Whatever the pieces, the lines are those that a split of the whole text gives.
    @Test(arguments: 0..<200) func anyPieces(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var text: [UInt8] = []
        for _ in 0..<Int.random(in: 0...40, using: &random) {
            let length = Int.random(in: 0...Int.random(in: 0...300, using: &random), using: &random)
            text += (0..<length).map { _ in UInt8.random(in: 0x20...0x7e, using: &random) }
            text.append(0x0a)
        }
        let expected = text.split(separator: 0x0a).map(Array.init)
        text += Array("an end without a line break".utf8)
        var framer = LineFramer(limit: 1000)
        var lines: [[UInt8]] = []
        var position = 0
        while position < text.count {
            let end = min(
                text.count, position + Int.random(in: 1...Int.random(in: 1...400, using: &random), using: &random))
            framer.append(text[position..<end])
            position = end
            while Bool.random(using: &random), let line = framer.next() { lines.append(Array(line)) }
        }
        while let line = framer.next() { lines.append(Array(line)) }
        #expect(lines == expected)
        #expect(!framer.isOverLimit)
    }

    @Test func aLineThatNeverEndsIsNoticed() {
        var framer = LineFramer(limit: 10)
        framer.append(Array("0123456789".utf8))
        #expect(framer.next() == nil)
        #expect(!framer.isOverLimit)
        framer.append(Array("x".utf8))
        #expect(framer.next() == nil)
        #expect(framer.isOverLimit)
    }
}
