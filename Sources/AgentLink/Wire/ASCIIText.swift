extension UInt8 {
    /// Whether it is one of `0` to `9`.
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    /// Whether it is a blank or a tab.
    fileprivate var isBlank: Bool { self == 0x20 || self == 0x09 }
}

/// The little text that HTTP needs.
extension ArraySlice<UInt8> {
    /// Without blanks and tabs at both ends.
    var trimmed: Self {
        var rest = drop { $0.isBlank }
        while let last = rest.last, last.isBlank { rest.removeLast() }
        return rest
    }

    /// Whether the text is a word, which is given in small letters; capital ones are the same.
    func isWord(_ word: String) -> Bool {
        elementsEqual(word.utf8) { octet, letter in
            octet == letter || ((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(octet) && octet | 0x20 == letter)
        }
    }

    /// The number that the digits are; `nil` when there is none, or one with more than 15 digits.
    var decimal: Int? { number(radix: 10) }

    /// The number that the digits are in base 16; `nil` when there is none, or one with more than 15 digits.
    var hexadecimal: Int? { number(radix: 16) }

    private func number(radix: Int) -> Int? {
        guard (1...15).contains(count) else { return nil }
        var number = 0
        for octet in self {
            guard let digit = Character(Unicode.Scalar(octet)).hexDigitValue, digit < radix else { return nil }
            number = number * radix + digit
        }
        return number
    }

    /// The line that starts at a place, which is moved behind it, without the ␍␊ at its end; `nil` when there is no end.
    func line(from start: inout Int) -> Self? {
        var place = start
        while place + 1 < endIndex {
            if self[place] == 13, self[place + 1] == 10 {
                defer { start = place + 2 }
                return self[start..<place]
            }
            place += 1
        }
        return nil
    }
}
