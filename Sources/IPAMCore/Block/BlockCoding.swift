/// Collects the bytes of an encoded block.
struct BlockWriter {
    static let magic: [UInt8] = [0x53, 0x50, 0x42, 0x4b]  // "SPBK"

    var bytes: [UInt8] = []
    private var table: [String] = []
    private var indices: [String: Int] = [:]
    /// The numbers of all texts that were interned, and how many of them have been written.
    private var references: [Int] = []
    private var written = 0

    init() { bytes.reserveCapacity(512) }

    /// Puts a text into the table unless it is there, and notes its number.
    ///
    /// Most claims of a block say the same as the claim before in most columns, and a plain container's UID is its ID, so
    /// these are looked at first.
    mutating func intern(_ text: String) {
        let above = references.count - Claim.textCount
        if above >= 0, table[references[above]] == text {
            references.append(references[above])
        } else if table.last == text {
            references.append(table.count - 1)
        } else if let index = indices[text] {
            references.append(index)
        } else {
            indices[text] = table.count
            references.append(table.count)
            table.append(text)
        }
    }

    /// Appends the numbers of the next claim's texts.
    mutating func appendReferences() {
        for index in written..<written + Claim.textCount { append(UInt64(references[index])) }
        written += Claim.textCount
    }

    mutating func appendStrings() {
        append(UInt64(table.count))
        for text in table {
            append(UInt64(text.utf8.count))
            bytes.append(contentsOf: text.utf8)
        }
    }

    /// LEB128.
    mutating func append(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Six bytes.
    mutating func append(_ address: MACAddress) {
        for shift in stride(from: UInt64(40), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: address.bits >> shift))
        }
    }

    /// Zigzag, then LEB128.
    mutating func append(signed number: Int64) {
        append(UInt64(bitPattern: number << 1 ^ number >> 63))
    }
}

/// Reads the bytes of an encoded block; every read is checked.
struct BlockReader {
    private var offset: Int
    private let end: Int
    /// The version of the encoding.
    let version: UInt8

    /// Checks the frame: magic, version and checksum.
    init(_ bytes: borrowing Span<UInt8>) throws(BlockDecodingError) {
        let headerLength = BlockWriter.magic.count + 1
        guard bytes.count >= headerLength + 4 else { throw BlockDecodingError(.notABlock, at: bytes.count) }
        for index in BlockWriter.magic.indices where bytes[index] != BlockWriter.magic[index] {
            throw BlockDecodingError(.notABlock, at: index)
        }
        let end = bytes.count - 4
        var stored: UInt32 = 0
        for index in 0..<4 { stored |= UInt32(bytes[end + index]) << UInt32(8 * index) }
        guard CRC32.checksum(of: bytes.extracting(0..<end)) == stored else {
            throw BlockDecodingError(.damaged, at: end)
        }
        version = bytes[headerLength - 1]
        guard version == Block.encodingVersion || version == Block.holderEncodingVersion else {
            throw BlockDecodingError(.unsupportedVersion, at: headerLength - 1)
        }
        offset = headerLength
        self.end = end
    }

    var isAtEnd: Bool { offset == end }

    var inconsistent: BlockDecodingError { BlockDecodingError(.inconsistent, at: offset) }

    mutating func byte(_ bytes: borrowing Span<UInt8>) throws(BlockDecodingError) -> UInt8 {
        guard offset < end else { throw inconsistent }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func number(_ bytes: borrowing Span<UInt8>) throws(BlockDecodingError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte(bytes)
            guard shift < 63 || next <= 1 else { throw inconsistent }
            value |= UInt64(next & 0x7f) << shift
            if next & 0x80 == 0 { return value }
            shift += 7
        }
    }

    mutating func signedNumber(_ bytes: borrowing Span<UInt8>) throws(BlockDecodingError) -> Int64 {
        let zigzag = try number(bytes)
        return Int64(bitPattern: zigzag >> 1) ^ -Int64(bitPattern: zigzag & 1)
    }

    mutating func hardwareAddress(_ bytes: borrowing Span<UInt8>) throws(BlockDecodingError) -> MACAddress {
        var bits: UInt64 = 0
        for _ in 0..<6 { bits = bits << 8 | UInt64(try byte(bytes)) }
        return MACAddress(bits: bits)
    }

    mutating func count(_ bytes: borrowing Span<UInt8>, limit: Int) throws(BlockDecodingError) -> Int {
        let value = try number(bytes)
        guard value <= UInt64(limit) else { throw inconsistent }
        return Int(value)
    }

    mutating func slot(_ bytes: borrowing Span<UInt8>) throws(BlockDecodingError) -> Int {
        let value = try byte(bytes)
        guard value < BlockKey.size else { throw inconsistent }
        return Int(value)
    }

    mutating func strings(_ bytes: borrowing Span<UInt8>) throws(BlockDecodingError) -> [String] {
        var result: [String] = []
        let number = try count(bytes, limit: BlockKey.size * Claim.textCount)
        result.reserveCapacity(number)
        for _ in 0..<number {
            let length = try count(bytes, limit: end - offset)
            guard length <= end - offset else { throw inconsistent }
            guard let text = try? UTF8Span(validating: bytes.extracting(offset..<offset + length)) else {
                throw inconsistent
            }
            offset += length
            result.append(String(copying: text))
        }
        return result
    }
}

/// CRC-32 with the polynomial of IEEE 802.3, as zlib and Ethernet use it.
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        var value = UInt32(index)
        for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
        return value
    }

    static func checksum(of bytes: borrowing Span<UInt8>) -> UInt32 {
        let table = table
        var value = UInt32.max
        for index in 0..<bytes.count {
            value = table[Int((value ^ UInt32(bytes[index])) & 0xff)] ^ value >> 8
        }
        return ~value
    }
}
