/// Makes texts that are nearly right: a sample with a few bytes changed.
struct TextMutator {
    private var generator: CaseGenerator

    init(seed: Int) { generator = CaseGenerator(seed: seed) }

    static let samples = [
        "10.6.168.101", "0.0.0.0", "255.255.255.255", "192.0.2.1", "::", "::1", "fd00::1", "2001:db8::1:0:0:1",
        "1:2:3:4:5:6:7:8", "::ffff:192.0.2.1", "64:ff9b::192.0.2.33", "FD00:0:0:0:0:0:0:A",
        "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", "fe80::1%eth0", "0a:1b:ac:16:04:0a", "0A-1B-AC-16-04-0A",
        "10.6.0.0/16", "0.0.0.0/0", "fd00::/64", "::/0", "10.6.0.9/16", "::ffff:10.0.0.0/104", "::ffff:10.0.0.0/64",
        "10.6.168.101-10.6.168.120", "fd00::1-fd00::ffff:ffff:ffff:ffff", "10.0.0.9-10.0.0.1", "10.0.0.1 - 10.0.0.2",
        "10.0.0.3,10.0.0.1-10.0.0.2", "fd00::a,fd00::9", "10.0.0.1,fd00::1", "",
    ].map { Array($0.utf8) }

    static let tokens = [
        ":", "::", ".", "/", "-", "%", ",", " ", "\t", "\n", "\0", "0", "00", "255", "256", "ffff", "ffff:", "::ffff:",
        "/0", "/32", "/33", "/96", "/128", "/129", "99999999999999999999", "g", "é", "１", "\u{202e}", "\"", "\\",
    ].map { Array($0.utf8) }

    /// The next text; not always UTF-8.
    mutating func next() -> [UInt8] {
        var text = Self.samples[generator.below(Self.samples.count)]
        for _ in 0..<generator.below(5) {
            let place = generator.below(text.count + 1)
            let other = generator.below(text.count + 1)
            let part = min(place, other)..<max(place, other)
            switch generator.below(9) {
            case 0: text.insert(UInt8(truncatingIfNeeded: generator.next()), at: place)
            case 1: if place < text.count { text[place] = UInt8(truncatingIfNeeded: generator.next()) }
            case 2: if place < text.count { text[place] ^= 1 << UInt8(generator.below(8)) }
            case 3: if place < text.count { text.remove(at: place) }
            case 4, 5: text.insert(contentsOf: Self.tokens[generator.below(Self.tokens.count)], at: place)
            case 6: text.insert(contentsOf: Array(text[part]), at: place)
            case 7: if generator.oneIn(2) { text.removeSubrange(part) }
            default: text.replaceSubrange(part, with: Self.samples[generator.below(Self.samples.count)].prefix(12))
            }
        }
        if generator.oneIn(500) { text += Array(repeating: text.last ?? 0x31, count: generator.below(5_000)) }
        return text
    }
}
