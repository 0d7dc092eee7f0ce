import Testing

@testable import IPAMCore

@Suite struct BlockEncodingTests {
    static func sample() -> Block {
        var block = Block(BlockTests.v4)
        _ = block.claim(BlockTests.claim(0, uid: "a"))
        _ = block.claim(BlockTests.claim(63, uid: "b"))
        _ = block.claim(BlockTests.claim(7, uid: "c"))
        let now = Timestamp(milliseconds: -1)
        _ = block.release(block.key.address(at: 7), at: now, restingUntil: now.adding(.seconds(30)), if: { _ in true })
        return block
    }

    /// The bytes that version 1 writes must never change: stores hold them.
    @Test func bytesAreStable() {
        var block = Block(BlockKey(containing: .v4(IPv4Address(10, 0, 0, 1))))
        _ = block.claim(
            Claim(
                address: .v4(IPv4Address(10, 0, 0, 1)), pool: "p", owner: Claim.Owner(uid: "u"), interface: "eth0",
                containerID: "u", since: Timestamp(milliseconds: 1)))
        let hex = block.encoded().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(
            hex == "5350424b" + "01" + "04" + "0000000000000000000000000a000000" + "01"  // frame, base, sequence
                + "04" + "0170" + "00" + "0175" + "0465746830"  // four strings: "p", "", "u", "eth0"
                + "01" + "01" + "01" + "01" + "02" + "0001010201010302010101"  // one claim
                + "00" + "d87b9d6c")
    }

    @Test func aHolderMakesTheVersionThatKnowsIt() throws {
        var block = Self.sample()
        let before = block.encoded()
        let holder = MACAddress(bits: 0x0a1b_2c3d_4e5f)
        let address = block.key.address(at: 9)
        let now = Timestamp(seconds: 10)
        let isQuarantined = block.quarantine(address, at: now, until: now.adding(.seconds(600)), holder: holder)
        #expect(isQuarantined)
        let bytes = block.encoded()
        #expect(before[4] == 1 && bytes[4] == 2)
        let read = try Block(decoding: bytes)
        #expect(read == block && read.rest(of: address)?.holder == holder)
        // Each version is refused for content of the other.
        for (content, version) in [(before, UInt8(2)), (bytes, 1)] {
            var other = Array(content.dropLast(4))
            other[4] = version
            #expect(throws: BlockDecodingError.self) { try Block(decoding: Self.sealed(other)) }
        }
    }

    @Test func readsWhatItWrites() throws {
        let block = Self.sample()
        #expect(try Block(decoding: block.encoded()) == block)
        let empty = Block(BlockTests.v6)
        #expect(try Block(decoding: empty.encoded()) == empty)
    }

    @Test func everyFlippedBitIsNoticed() {
        let bytes = Self.sample().encoded()
        for index in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[index] ^= 1 << UInt8(bit)
                #expect(throws: BlockDecodingError.self) { try Block(decoding: damaged) }
            }
        }
    }

    @Test func everyCutIsNoticed() {
        let bytes = Self.sample().encoded()
        for length in 0..<bytes.count {
            #expect(throws: BlockDecodingError.self) { try Block(decoding: Array(bytes[..<length])) }
        }
        #expect(throws: BlockDecodingError.self) { try Block(decoding: bytes + [0]) }
    }

    /// Content that carries a right checksum but makes no sense is refused, whatever it is.
    @Test(arguments: [UInt64(11), 12, 13]) func nonsenseWithARightChecksumIsRefusedOrConsistent(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let bytes = Self.sample().encoded()
        for round in 0..<3_000 {
            var content = Array(bytes.dropLast(4))
            for _ in 0...Int.random(in: 0..<3, using: &random) {
                content[Int.random(in: 5..<content.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if let block = try? Block(decoding: Self.sealed(content)) {
                #expect(block.isConsistent, "seed \(seed) round \(round)")
            }
        }
    }

    @Test func newerVersionIsNamed() {
        var content = Array(Self.sample().encoded().dropLast(4))
        content[4] = 3
        let error = #expect(throws: BlockDecodingError.self) { try Block(decoding: Self.sealed(content)) }
        #expect(error?.code == .unsupportedVersion)
    }

    /// A sequence number that cannot be counted further would make the next claim trap.
    @Test func aSequenceAtItsEndIsRefused() throws {
        let bytes = Block(BlockTests.v4).encoded()
        let highest = [UInt8](repeating: 0xff, count: 9) + [1]
        let content = Array(bytes[..<22]) + highest + Array(bytes[23...].dropLast(4))
        let error = #expect(throws: BlockDecodingError.self) { try Block(decoding: Self.sealed(content)) }
        #expect(error?.code == .inconsistent)
    }

    /// The content with its right checksum.
    static func sealed(_ content: [UInt8]) -> [UInt8] {
        let checksum = CRC32.checksum(of: content.span)
        return content + (0..<4).map { UInt8(truncatingIfNeeded: checksum >> UInt32(8 * $0)) }
    }

    @Test func checksumIsTheCommonOne() {
        // The check value of CRC-32/ISO-HDLC.
        #expect(CRC32.checksum(of: Array("123456789".utf8).span) == 0xcbf4_3926)
    }

    @Test func aFullBlockStaysSmall() {
        var block = Block(BlockTests.v6)
        for slot in 0..<64 {
            let uid = "5b0e7d8a-9a4e-4a55-8a53-1f0a6f6f3d\(slot < 10 ? "0" : "")\(slot)"
            _ = block.claim(
                Claim(
                    address: block.key.address(at: slot), pool: "rack-a-v6",
                    owner: Claim.Owner(
                        namespace: "shop", name: "web-6d4cf56db6-abc\(slot)", uid: uid, controllerKind: "Deployment",
                        controllerName: "web"),
                    interface: "eth0", containerID: String(repeating: "c", count: 60) + "\(slot)", network: "rack",
                    node: "node-7.example.org", bootID: "2b1c7d8a-9a4e-4a55-8a53-1f0a6f6f3d00",
                    since: Timestamp(milliseconds: 1_790_000_000_000)))
        }
        #expect(block.encoded().count <= 24 * 1024)
    }
}
