import IPAMCore
import Testing

@testable import AgentLink

/// What is read from bytes that came at once.
func read(_ bytes: [UInt8]) -> Result<AgentReply, Failure> {
    read([ArraySlice(bytes)])
}

/// What is read from bytes that came in pieces, after which the connection ended.
func read(_ pieces: [ArraySlice<UInt8>]) -> Result<AgentReply, Failure> {
    Result { () throws(Failure) in
        var reader = ReplyReader()
        for piece in pieces {
            reader.bytes += piece
            if let reply = try reader.reply() { return reply }
        }
        return try reader.lastReply()
    }
}

@Suite
struct ReplyReaderTests {
    /// A reply as text, with ␍␊ for the end of a line.
    static func wire(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for line in text.utf8.split(separator: 10, omittingEmptySubsequences: false) {
            if !bytes.isEmpty || line.startIndex > text.startIndex { bytes += [13, 10] }
            bytes += line
        }
        return bytes
    }

    struct Good: Sendable, CustomTestStringConvertible {
        let text: String
        var status = 200
        var body = "hello"
        var testDescription: String { text.debugDescription }
    }

    static let good: [Good] = [
        Good(text: "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello"),
        Good(text: "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello, and more that nobody asked for"),
        Good(text: "HTTP/1.0 200\nCONTENT-LENGTH:\t 5 \nX: \ncontent-length: 5\n\nhello"),
        Good(text: "HTTP/1.1 500 Internal Server Error\nContent-Type: application/json\n\nhello", status: 500),
        Good(text: "HTTP/1.1 522 \nContent-Length: 0\n\n", status: 522, body: ""),
        Good(text: "HTTP/1.1 204 No Content\n\n", status: 204, body: ""),
        Good(text: "HTTP/1.1 304 Not Modified\nContent-Length: 5\n\n", status: 304, body: ""),
        Good(text: "HTTP/1.1 200 OK\n\n", body: ""),
        Good(text: "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nhello\n0\n\n"),
        Good(
            text:
                "HTTP/1.1 200 OK\ntransfer-encoding: Chunked\n\n2;a=b\nhe\n001 \nl\n2\nlo\n0;last\nTrailer: x\nB: y\n\n"
        ),
        Good(text: "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n0\n\n", body: ""),
        Good(text: "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nA\n0123456789\n1\n!\n0\n\n", body: "0123456789!"),
        Good(
            text: "HTTP/1.1 100 Continue\n\nHTTP/1.1 103 Early Hints\nContent-Length: 9\n\nHTTP/1.1 201 C\n\nhello",
            status: 201),
    ]

    @Test(arguments: good)
    func readsEveryFraming(row: Good) throws {
        let expected = AgentReply(status: row.status, body: Self.wire(row.body))
        #expect(try read(Self.wire(row.text)).get() == expected)
        #expect(try read(Self.wire(row.text).map { [$0] }).get() == expected)
    }

    @Test(arguments: good)
    func tellsATruncatedReplyFromAWholeOne(row: Good) throws {
        let bytes = Self.wire(row.text)
        let whole = try read(bytes).get()
        for length in 0..<bytes.count {
            switch read(Array(bytes[..<length])) {
            case .success(let reply):
                // All up to the end, or a reply with something behind it.
                let isOpen = !row.text.contains("Length: 5") && !row.text.contains("chunked")
                #expect(reply == whole || isOpen && whole.body.starts(with: reply.body), "first \(length) bytes")
            case .failure(let failure): #expect(failure.code == .disconnected, "first \(length) bytes: \(failure)")
            }
        }
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        let text: String
        let words: String
        var testDescription: String { text.debugDescription }
    }

    @Test(arguments: [
        Bad(text: "\n\n", words: "status line"),
        Bad(text: "SSH-2.0-OpenSSH_9.2\n\n", words: "status line"),
        Bad(text: "HTTP/2 200\n\n", words: "status line"),
        Bad(text: "HTTP/1.1 20 OK\n\n", words: "status line"),
        Bad(text: "HTTP/1.1 099 OK\n\n", words: "status line"),
        Bad(text: "HTTP/1.1 600 OK\n\n", words: "status line"),
        Bad(text: "HTTP/1.1 2000 OK\n\n", words: "status line"),
        Bad(text: "HTTP/1.1  200 OK\n\n", words: "status line"),
        Bad(text: "HTTP/1.1 +20 OK\n\n", words: "status line"),
        Bad(text: "HTTP/1.1 200 OK\nno colon\n\n", words: "not a field"),
        Bad(text: "HTTP/1.1 200 OK\n: no name\n\n", words: "not a field"),
        Bad(text: "HTTP/1.1 200 OK\nA: b\n folded: c\n\n", words: "not a field"),
        Bad(text: "HTTP/1.1 200 OK\nContent-Length : 5\n\nhello", words: "not a field"),
        Bad(text: "HTTP/1.1 200 OK\nContent-Length: \n\nhello", words: "Content-Length is not one number"),
        Bad(text: "HTTP/1.1 200 OK\nContent-Length: -5\n\nhello", words: "Content-Length is not one number"),
        Bad(text: "HTTP/1.1 200 OK\nContent-Length: 0x5\n\nhello", words: "Content-Length is not one number"),
        Bad(text: "HTTP/1.1 200 OK\nContent-Length: 5, 5\n\nhello", words: "Content-Length is not one number"),
        Bad(
            text: "HTTP/1.1 200 OK\nContent-Length: 5\nContent-Length: 6\n\nhello",
            words: "Content-Length is not one number"),
        Bad(
            text: "HTTP/1.1 200 OK\nContent-Length: 99999999999999999999\n\nhello",
            words: "Content-Length is not one number"),
        Bad(text: "HTTP/1.1 200 OK\nContent-Length: 4194305\n\nhello", words: "longer than 4194304 bytes"),
        Bad(text: "HTTP/1.1 200 OK\nTransfer-Encoding: gzip, chunked\n\n", words: "Transfer-Encoding is not"),
        Bad(text: "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nContent-Length: 5\n\n", words: "both"),
        Bad(text: "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nhello\n", words: "no length"),
        Bad(text: "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n\n", words: "no length"),
        Bad(text: "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n-5\nhello\n", words: "no length"),
        Bad(text: "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nffffffffffffffff\n", words: "no length"),
        Bad(
            text: "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n4\nhello\n0\n\n",
            words: "does not end where it should"),
        Bad(text: "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n400001\n", words: "longer than 4194304 bytes"),
        Bad(
            text: "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3FFFFF\n"
                + String(repeating: "x", count: 0x3fffff) + "\n2\nab\n", words: "longer than 4194304 bytes"),
        Bad(
            text: "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1;" + String(repeating: "x", count: 4096) + "\na\n",
            words: "a line between chunks is longer than 4096 bytes"),
        Bad(text: String(repeating: "x", count: 65537), words: "the head is longer than 65536 bytes"),
        Bad(text: "HTTP/1.1 200 OK\nX: " + String(repeating: "x", count: 65536) + "\n\n", words: "the head is longer"),
        Bad(
            text: String(repeating: "HTTP/1.1 100 Continue\n\n", count: 3000) + "HTTP/1.1 200 OK\n\n",
            words: "the head is longer"),
        Bad(
            text: "HTTP/1.1 200 OK\n\n" + String(repeating: "x", count: 4 << 20 | 1), words: "longer than 4194304 bytes"
        ),
    ])
    func refusesWhatIsNotAReply(row: Bad) {
        guard case .failure(let failure) = read(Self.wire(row.text)) else {
            Issue.record("accepted")
            return
        }
        #expect(failure.code == .malformed)
        #expect(failure.detail.contains(row.words), "\(failure.detail)")
    }

    @Test
    func takesTheLargestBodies() throws {
        let body = String(repeating: "x", count: ReplyReader.longestBody)
        for head in [
            "HTTP/1.1 200 OK\nContent-Length: 4194304\n\n\(body)", "HTTP/1.1 200 OK\n\n\(body)",
            "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n200000\n\(body.prefix(1 << 21))\n200000\n"
                + "\(body.prefix(1 << 21))\n0\n\n",
        ] {
            #expect(try read(Self.wire(head)).get().body.count == ReplyReader.longestBody)
        }
    }

    struct Reason: Sendable, CustomTestStringConvertible {
        let body: String
        let reason: String
        var testDescription: String { body.prefix(40).debugDescription }
    }

    @Test(arguments: [
        Reason(body: "\"spidercoordinator: default no ready\"\n", reason: "spidercoordinator: default no ready"),
        Reason(body: #"{"code":602,"message":"podName in query is required"}"#, reason: "podName in query is required"),
        Reason(body: "404 page\r\n\tnot found\n", reason: "404 page not found"),
        Reason(body: "{\"a\":1}", reason: "{\"a\":1}"),
        Reason(body: "", reason: "no reason was given"),
        Reason(body: "\"\"", reason: "no reason was given"),
        Reason(body: String(repeating: "x", count: 2000), reason: String(repeating: "x", count: 1024) + " …"),
    ])
    func findsTheWordsOfARefusal(row: Reason) {
        #expect(AgentReply(status: 500, body: Array(row.body.utf8)).reason == row.reason)
    }
}
