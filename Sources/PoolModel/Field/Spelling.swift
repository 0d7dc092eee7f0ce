/// Finds what a misspelt word was meant to be.
enum Spelling {
    /// The candidate that differs in letter case only, or else by the fewest letters; `nil` when none is similar.
    static func nearest(to word: String, in candidates: [String]) -> String? {
        let lower = Array(word.lowercased().utf8.prefix(64))
        let allowed = max(1, (lower.count + 2) / 3)
        let ranked = candidates.map { ($0, distance(lower, Array($0.lowercased().utf8))) }
        guard let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= allowed else { return nil }
        return best.0
    }

    /// The least number of letters to insert, remove or replace (Levenshtein).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in right.enumerated() {
                let above = row[column + 1]
                row[column + 1] = letter == other ? diagonal : 1 + min(diagonal, above, row[column])
                diagonal = above
            }
        }
        return row[right.count]
    }
}
