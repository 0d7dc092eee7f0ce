import IPAMCore
import Testing

@testable import NetlinkKit

@Suite
struct MessageFuzzTests {
    /// Reads bytes as everything that reads messages.
    private func readAll(_ bytes: [UInt8]) {
        let span = bytes.span.bytes
        _ = Link(span)
        _ = LinkStatistics(span)
        _ = BondOptions(span)
        _ = NetfilterChain(span)
        _ = NetfilterRule(span)
        var exchange = Exchange(count: 1, reply: .newLink)
        var sequence: UInt32 = 0
        exchange.start(after: &sequence)
        _ = exchange.take(span) { Link($0) != nil }
    }

    @Test
    func survivesRandomBytes() {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var random = SplitMix64(seed: seed)
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...120, using: &random)
            readAll((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
        }
    }

    @Test
    func survivesEveryFlippedByteAndEveryLength() {
        let message = NetlinkSocketTests.refusal + NetlinkSocketTests.link(1) + NetlinkSocketTests.done()
        spoil(message)
        // Each message of a transaction, without its header: chains, rules and their expressions.
        var rest = NetfilterSocketTests.installation
        while !rest.isEmpty {
            let length = Int(rest[0]) | Int(rest[1]) << 8
            spoil(Array(rest[16..<length]))
            rest.removeFirst(length)
        }
    }

    private func spoil(_ message: [UInt8]) {
        for place in message.indices {
            readAll(Array(message[..<place]))
            readAll(Array(message[place...]))
            for value in [UInt8(0), 1, 3, 4, 15, 16, 17, 127, 128, 255] {
                var changed = message
                changed[place] = value
                readAll(changed)
                readAll(Array(changed.dropFirst(16)))
            }
        }
    }

    @Test
    func refusesAnAttributeThatIsLongerThanItsMessage() {
        let payload = hex(
            """
            00 00 0403 01000000 49000100 00000000  ; ifinfomsg
            0900 0300 6c6f00 00                    ; IFLA_IFNAME that says 9 bytes and has 8
            """)
        #expect(Link(payload.span.bytes) == nil)
    }
}
