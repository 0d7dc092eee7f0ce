internal import NetlinkKit

/// One option in the text that a configuration gives.
///
/// Administrators write options as they know them: `mode=4;miimon=100`, `mode=802.3ad,miimon=100`,
/// `mode=4 miimon=100`. Items are separated by semicolons, commas or blanks; keys are those of the kernel or older spellings,
/// values are names or numbers. A list of addresses has commas too, so what has no `=` after a comma continues the value:
///
/// ```text
/// arp_interval=100,arp_ip_target=10.0.0.1,10.0.0.2;primary = ens1
/// └─ item ───────┘ └─ item ────────────────────┘ └─ item ──────┘
/// ```
struct DeviceBondOptionText: Sendable, Hashable {
    /// The option.
    let option: BondOption
    /// The key as it is written.
    let key: String
    /// The value without quotation marks and brackets.
    let value: String

    /// Reads a text into its items.
    ///
    /// - Throws: ``DeviceError`` for what is no item, a key that nobody knows, and an option that is given twice.
    static func items(_ text: String) throws(DeviceError) -> [Self] {
        var items: [Self] = []
        for part in text.split(separator: ";") {
            for word in words(part) {
                for (key, value) in try pairs(word) {
                    let item = try Self(key, value)
                    if let other = items.first(where: { $0.option == item.option }) {
                        throw DeviceError(
                            .configuration, "bond option given twice",
                            details: "bond.options: \(other) and \(item): leave one of them")
                    }
                    items.append(item)
                }
            }
        }
        return items
    }

    private init(_ key: String, _ value: String) throws(DeviceError) {
        guard let option = BondOption(name: key.lowercased()) else {
            throw DeviceError(
                .unknownOption, "unknown bond option: \(key)",
                details: "bond.options: \(key)=\(value): known are "
                    + BondOption.allCases.map(\.description).sorted().joined(separator: ", "))
        }
        self.option = option
        self.key = key
        self.value = value
    }

    /// The words of a part; blanks around `=`, commas and within brackets separate nothing.
    private static func words(_ part: Substring) -> [String] {
        var words: [String] = []
        for word in part.split(whereSeparator: \.isWhitespace) {
            let isOpen = words.last?.last.map { "=,[".contains($0) } ?? false
            let continues = word.first.map { "=,]".contains($0) } ?? false
            if !words.isEmpty, isOpen || continues {
                words[words.count - 1] += word
            } else {
                words.append(String(word))
            }
        }
        return words
    }

    private static func pairs(_ word: String) throws(DeviceError) -> [(key: String, value: String)] {
        var pairs: [(key: String, value: String)] = []
        for piece in word.split(separator: ",") {
            if let equals = piece.firstIndex(of: "="), equals > piece.startIndex {
                pairs.append((String(piece[..<equals]), bare(piece[piece.index(after: equals)...])))
            } else if let last = pairs.indices.last, !piece.contains("=") {
                pairs[last].value += "," + bare(piece)
            } else {
                throw DeviceError(
                    .configuration, "bond option without a value",
                    details: "bond.options: \"\(piece)\": expected key=value, as miimon=100")
            }
        }
        return pairs
    }

    /// A value, or an element of a JSON array, without what surrounds it.
    private static func bare(_ text: Substring) -> String {
        String(text.drop { "[\"".contains($0) }.reversed().drop { "]\"".contains($0) }.reversed())
    }
}

extension DeviceBondOptionText {
    /// The value as the kernel takes it.
    ///
    /// - Throws: ``DeviceError`` that tells what the option takes.
    func parsed() throws(DeviceError) -> BondValue {
        if let value = option.value(parsing: value) ?? option.value(parsing: value.lowercased()) { return value }
        throw DeviceError(
            .configuration, "invalid value of a bond option",
            details: "bond.options: \(self): expected \(option.rule.form.expectation)")
    }
}

extension DeviceBondOptionText: CustomStringConvertible {
    /// The item as it is written.
    var description: String { "\(key)=\(value)" }
}

extension BondOptionRule.Form {
    /// What a value has to be, in words.
    fileprivate var expectation: String {
        switch self {
        case .number(_, let range, let words) where words.isEmpty:
            "a number from \(range.lowerBound) to \(range.upperBound)"
        case .number(_, _, let words): words.enumerated().map { "\($1) (\($0))" }.joined(separator: ", ")
        case .link: "one of the members"
        case .hardwareAddress: "a unicast MAC address, as 02:00:00:00:00:01"
        case .addresses(let family): "1 to 16 \(family) addresses with commas between them"
        }
    }
}
