extension AddressSet {
    /// Reads the list syntax of manifests: every entry `a` or `a-b`, see ``AddressRange/init(parsing:)-(String)``.
    ///
    /// Entries may come in any order and overlap.
    ///
    /// - Parameters:
    ///   - entries: The texts.
    ///   - family: The family that all entries must have; by default, that of the first.
    /// - Throws: ``AddressListError`` that names the index of the first entry that is not accepted.
    public init(parsing entries: [String], family: AddressFamily? = nil) throws(AddressListError) {
        var parsed: [AddressRange] = []
        parsed.reserveCapacity(entries.count)
        for (index, entry) in entries.enumerated() {
            do throws(AddressParseError) {
                let range = try AddressRange(parsing: entry)
                guard range.family == family ?? parsed.first?.family ?? range.family else {
                    throw AddressParseError(.mixedFamilies, at: 0, in: entry)
                }
                parsed.append(range)
            } catch {
                throw AddressListError(index: index, underlying: error)
            }
        }
        self.init(parsed)
    }

    /// The canonical list: sorted, joined, each `a` or `a-b`. Reading it gives the same set.
    public var rangeTexts: [String] { ranges.map(\.description) }
}

extension AddressSet: CustomStringConvertible {
    /// The canonical list in brackets.
    public var description: String { "[\(rangeTexts.joined(separator: ", "))]" }
}

/// One entry of a list of ranges that is not accepted.
public struct AddressListError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Index of the entry, counted from 0.
    public let index: Int

    /// What is wrong with it.
    public let underlying: AddressParseError

    /// Makes an error.
    public init(index: Int, underlying: AddressParseError) {
        self.index = index
        self.underlying = underlying
    }

    /// `[index] "entry": what is wrong at position n; write "…"`.
    public var description: String { "[\(index)] \(underlying)" }
}
