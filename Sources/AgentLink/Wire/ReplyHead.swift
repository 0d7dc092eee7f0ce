/// The head of a reply, as far as it matters: the status, and how long the body is.
struct ReplyHead: Equatable {
    /// How the end of the body is known.
    enum Framing: Equatable {
        /// There is none.
        case none
        /// So many bytes.
        case length(Int)
        /// Chunks with their lengths.
        case chunks
        /// All up to the end of the connection.
        case end
    }

    /// 100 to 599.
    let status: Int

    /// How the end of the body is known.
    let framing: Framing

    /// Reads a head with the empty line behind it.
    init(_ bytes: ArraySlice<UInt8>) throws(Failure) {
        var start = bytes.startIndex
        guard let first = bytes.line(from: &start), let status = Self.status(first) else {
            throw Failure.malformed("it does not start with a status line")
        }
        var length: Int?
        var isChunked = false
        while let line = bytes.line(from: &start), !line.isEmpty {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
                line[..<colon].allSatisfy({ (0x21...0x7e).contains($0) })
            else { throw Failure.malformed("a line of the head is not a field") }
            let name = line[..<colon]
            let value = line[(colon + 1)...].trimmed
            if name.isWord("content-length") {
                guard let number = value.decimal, length == nil || length == number else {
                    throw Failure.malformed("Content-Length is not one number")
                }
                guard number <= ReplyReader.longestBody else { throw ReplyReader.excess }
                length = number
            } else if name.isWord("transfer-encoding") {
                guard value.isWord("chunked"), !isChunked else {
                    throw Failure.malformed("Transfer-Encoding is not \"chunked\"")
                }
                isChunked = true
            }
        }
        guard length == nil || !isChunked else {
            throw Failure.malformed("it has both Content-Length and Transfer-Encoding")
        }
        self.status = status
        if status < 200 || status == 204 || status == 304 {
            framing = .none
        } else if isChunked {
            framing = .chunks
        } else {
            framing = length.map(Framing.length) ?? .end
        }
    }

    /// The status in `HTTP/1.1 200 OK`, whose words may be missing.
    private static func status(_ line: ArraySlice<UInt8>) -> Int? {
        let octets = Array(line.prefix(13))
        guard octets.count >= 12, octets[..<7].isWord("http/1."), octets[7].isDigit, octets[8] == 0x20,
            octets.count == 12 || octets[12] == 0x20, let status = octets[9..<12].decimal, (100...599).contains(status)
        else { return nil }
        return status
    }
}
