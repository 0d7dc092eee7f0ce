/// A body that comes in chunks (RFC 9112 §7.1).
///
/// ```text
/// 5 ␍␊ hello ␍␊ 6;name=value ␍␊ ␣world ␍␊ 0 ␍␊ Trailer: value ␍␊ ␍␊
/// ```
struct ChunkedBody {
    /// The longest line between chunks in bytes.
    private static let longestLine = 4096

    /// What was in the chunks so far.
    private(set) var body: [UInt8] = []

    private enum Place {
        /// Before the length of a chunk.
        case length
        /// Within a chunk or the ␍␊ behind it, of which so many bytes are missing.
        case chunk(Int)
        /// Behind the last chunk.
        case trailers
        /// At the end.
        case end
    }

    private var place = Place.length

    /// Removes from what has come all that belongs to the body; whether the body is whole.
    mutating func take(_ bytes: inout [UInt8]) throws(Failure) -> Bool {
        var position = 0
        defer { bytes.removeFirst(position) }
        while true {
            switch place {
            case .length:
                guard let line = try Self.line(bytes, &position) else { return false }
                guard let count = line.prefix(while: { $0 != UInt8(ascii: ";") }).trimmed.hexadecimal else {
                    throw Failure.malformed("a chunk has no length")
                }
                guard count <= ReplyReader.longestBody - body.count else { throw ReplyReader.excess }
                place = count == 0 ? .trailers : .chunk(count + 2)
            case .chunk(let missing):
                let count = min(missing, bytes.count - position)
                body.append(contentsOf: bytes[position..<position + count])
                position += count
                place = .chunk(missing - count)
                guard count == missing else { return false }
                guard body.removeLast() == 10, body.removeLast() == 13 else {
                    throw Failure.malformed("a chunk does not end where it should")
                }
                place = .length
            case .trailers:
                guard let line = try Self.line(bytes, &position) else { return false }
                if line.isEmpty { place = .end }
            case .end: return true
            }
        }
    }

    /// The line that starts at the position, which is moved behind it.
    private static func line(_ bytes: [UInt8], _ position: inout Int) throws(Failure) -> ArraySlice<UInt8>? {
        let start = position
        if let line = bytes[..<min(bytes.count, start + longestLine)].line(from: &position) { return line }
        guard bytes.count - start < longestLine else {
            throw Failure.malformed("a line between chunks is longer than \(longestLine) bytes")
        }
        return nil
    }
}
