import JSONTree
import Testing

/// A generator whose sequence depends on the seed alone (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}

extension JSONValue {
    /// A random tree of at most the given depth.
    fileprivate static func random(depth: Int, using generator: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &generator) {
        case 0: return .null
        case 1: return .bool(.random(using: &generator))
        case 2: return .integer(Int64.random(in: .min ... .max, using: &generator))
        case 3:
            return JSONNumber(text: "\(Double.random(in: -1e9...1e9, using: &generator))").map(JSONValue.number) ?? 0
        case 4: return .string(.random(using: &generator))
        case 5:
            return .array(
                (0..<Int.random(in: 0...5, using: &generator)).map { _ in
                    random(depth: depth - 1, using: &generator)
                })
        default:
            return .object(
                JSONObject(
                    (0..<Int.random(in: 0...20, using: &generator)).map { _ in
                        (String.random(using: &generator), random(depth: depth - 1, using: &generator))
                    }))
        }
    }
}

extension String {
    fileprivate static func random(using generator: inout SeededGenerator) -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...12, using: &generator) {
            let limit: UInt32 = [0x20, 0x80, 0x800, 0xffff, 0x10ffff][Int.random(in: 0..<5, using: &generator)]
            if let scalar = Unicode.Scalar(UInt32.random(in: 0...limit, using: &generator)) { scalars.append(scalar) }
        }
        return String(scalars)
    }
}

@Test func whatIsWrittenIsReadBack() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<300 {
        let value = JSONValue.random(depth: 4, using: &generator)
        for style in [JSONTextStyle.compact, .pretty, .compactSorted, .prettySorted] {
            #expect(try JSONValue(parsing: value.utf8(style).span) == value, "seed \(seed)")
        }
    }
}

@Test func damagedDocumentsAreRefusedOrRead() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<200 {
        let bytes = JSONValue.array([.random(depth: 3, using: &generator)]).utf8(.pretty)
        for cut in 0..<min(bytes.count, 200) {
            #expect(throws: JSONParseError.self, "seed \(seed)") { try JSONValue(parsing: Array(bytes[..<cut]).span) }
        }
        for _ in 0..<20 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                damaged[Int.random(in: 0..<damaged.count, using: &generator)] = .random(
                    in: 0 ... .max, using: &generator)
            }
            guard let value = try? JSONValue(parsing: damaged.span) else { continue }
            #expect(try JSONValue(parsing: value.utf8().span) == value, "seed \(seed)")
        }
    }
}
