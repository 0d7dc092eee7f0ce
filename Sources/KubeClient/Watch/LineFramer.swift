/// Cuts a stream of bytes into lines, however it comes in pieces.
struct LineFramer {
    private var bytes: [UInt8] = []
    /// Where the next line begins.
    private var start = 0
    /// How far the search for a line's end has come.
    private var searched = 0
    private let limit: Int

    /// - Parameter limit: The longest line in bytes.
    init(limit: Int) { self.limit = limit }

    /// Whether more than a line's limit waits without an end.
    var isOverLimit: Bool { bytes.count - start > limit && searched == bytes.count }

    /// Adds what came.
    mutating func append(_ piece: some Sequence<UInt8>) {
        if start > 0, start >= bytes.count / 2 {
            bytes.removeSubrange(..<start)
            searched -= start
            start = 0
        }
        bytes.append(contentsOf: piece)
    }

    /// The next whole line without its end; `nil` when there is none yet. Empty lines are left out.
    mutating func next() -> ArraySlice<UInt8>? {
        while let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = bytes[start..<end]
            start = end + 1
            searched = start
            if !line.isEmpty, line != [UInt8(ascii: "\r")] { return line }
        }
        searched = bytes.count
        if start == bytes.count, bytes.capacity > 65536 {
            // A watch is quiet for most of its life; a large event leaves nothing behind.
            bytes = []
            start = 0
            searched = 0
        }
        return nil
    }
}
