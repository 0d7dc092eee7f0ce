internal import IPAMCore

/// Which blocks have resting addresses, in the order of their addresses, so that the longest free one of a pool is found
/// without looking at each.
///
/// The blocks stand in chunks, each of which knows the earliest moments in it: a search passes over whole chunks that
/// cannot be better than what was found.
struct RestIndex: Sendable {
    private struct Entry {
        let key: BlockKey
        /// When the longest free address became free.
        var since: Timestamp
        /// When the first rest is over.
        var until: Timestamp

        init?(_ block: Block) {
            guard let first = block.rests.first else { return nil }
            (key, since, until) = (block.key, first.since, first.until)
            for rest in block.rests.dropFirst() {
                since = min(since, rest.since)
                until = min(until, rest.until)
            }
        }
    }

    private struct Chunk {
        var entries: [Entry]
        var since: Timestamp
        var until: Timestamp

        init(_ entries: [Entry]) {
            self.entries = entries
            since = Timestamp(milliseconds: .max)
            until = since
            summarise()
        }

        mutating func summarise() {
            since = entries.lazy.map(\.since).min() ?? Timestamp(milliseconds: .max)
            until = entries.lazy.map(\.until).min() ?? Timestamp(milliseconds: .max)
        }
    }

    private static let chunkSize = 128

    /// In ascending order, none empty.
    private var chunks: [Chunk] = []

    /// Index of the last chunk that begins at or before a block, or 0.
    private func chunk(for key: BlockKey) -> Int {
        var (low, high) = (0, chunks.count)
        while low < high {
            let middle = (low + high) / 2
            if chunks[middle].entries[0].key <= key { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }

    private static func place(of key: BlockKey, in entries: [Entry]) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Takes over what rests in a block now.
    mutating func update(_ block: Block) {
        let entry = Entry(block)
        if chunks.isEmpty {
            if let entry { chunks = [Chunk([entry])] }
            return
        }
        let index = chunk(for: block.key)
        let place = Self.place(of: block.key, in: chunks[index].entries)
        let isThere = place < chunks[index].entries.count && chunks[index].entries[place].key == block.key
        switch (entry, isThere) {
        case (let entry?, true): chunks[index].entries[place] = entry
        case (let entry?, false): chunks[index].entries.insert(entry, at: place)
        case (nil, true): chunks[index].entries.remove(at: place)
        case (nil, false): return
        }
        if chunks[index].entries.isEmpty {
            chunks.remove(at: index)
        } else if chunks[index].entries.count > Self.chunkSize {
            let upper = Chunk(Array(chunks[index].entries[(Self.chunkSize / 2)...]))
            chunks[index] = Chunk(Array(chunks[index].entries[..<(Self.chunkSize / 2)]))
            chunks.insert(upper, at: index + 1)
        } else {
            chunks[index].summarise()
        }
    }

    /// Hands blocks that may have a longer free address than what was found so far to `look`, in ascending order.
    ///
    /// - Parameters:
    ///   - range: Where to look.
    ///   - moment: When given, only blocks in which a rest is over by then.
    ///   - look: Returns since when the best address found so far is free; `nil` while there is none.
    func search(_ range: AddressRange, until moment: Timestamp?, _ look: (BlockKey) -> Timestamp?) {
        let (first, last) = (BlockKey(containing: range.lowerBound), BlockKey(containing: range.upperBound))
        guard !chunks.isEmpty else { return }
        var best: Timestamp?
        func mayBeBetter(_ since: Timestamp, _ until: Timestamp) -> Bool {
            (best.map { since < $0 } ?? true) && (moment.map { until <= $0 } ?? true)
        }
        for chunk in chunks[chunk(for: first)...] {
            guard chunk.entries[0].key <= last else { return }
            guard mayBeBetter(chunk.since, chunk.until) else { continue }
            for entry in chunk.entries[Self.place(of: first, in: chunk.entries)...] {
                guard entry.key <= last else { return }
                if mayBeBetter(entry.since, entry.until) { best = look(entry.key) }
            }
        }
    }
}
