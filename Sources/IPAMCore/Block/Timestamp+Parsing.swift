extension Timestamp {
    /// Reads an RFC 3339 time: `2026-11-23T20:35:27Z`, `2026-11-23T21:35:27.512+01:00`; `nil` for anything else.
    ///
    /// What is finer than a millisecond is cut off. A leap second is the first of the following minute.
    public init?(rfc3339 text: String) {
        var rest = text.utf8[...]
        guard let date = Self.numbers("0000-00-00T00:00:00", &rest) else { return nil }
        let isLeapYear = date[0] % 4 == 0 && (date[0] % 100 != 0 || date[0] % 400 == 0)
        let lengths: [Int64] = [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard 1...12 ~= date[1], 1...lengths[Int(date[1]) - 1] ~= date[2], date[3] < 24, date[4] < 60, date[5] <= 60
        else { return nil }
        var milliseconds: Int64 = 0
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
            guard !digits.isEmpty else { return nil }
            for position in 0..<3 {
                milliseconds *= 10
                if let digit = digits.dropFirst(position).first { milliseconds += Int64(digit - UInt8(ascii: "0")) }
            }
            rest = rest[digits.endIndex...]
        }
        var offset: Int64 = 0
        switch rest.popFirst() {
        case UInt8(ascii: "Z"): break
        case UInt8(ascii: "+"):
            guard let minutes = Self.offset(&rest) else { return nil }
            offset = minutes
        case UInt8(ascii: "-"):
            guard let minutes = Self.offset(&rest) else { return nil }
            offset = -minutes
        default: return nil
        }
        guard rest.isEmpty else { return nil }
        let day = Self.days(year: date[0], month: date[1], day: date[2])
        let seconds = day * 86400 + date[3] * 3600 + (date[4] - offset) * 60 + date[5]
        self.init(milliseconds: seconds * 1000 + milliseconds)
    }

    /// RFC 3339 in UTC with milliseconds: `2026-11-23T20:35:27.512Z`; ``init(rfc3339:)`` reads the same moment from it.
    public var preciseDescription: String {
        let fraction = milliseconds % 1000
        let digits = String(1000 + (fraction < 0 ? fraction + 1000 : fraction)).dropFirst()
        return "\(description.dropLast()).\(digits)Z"
    }

    /// The days from the epoch to a date; years are counted from March so that leap days come last.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Minutes east of UTC.
    private static func offset(_ rest: inout Substring.UTF8View) -> Int64? {
        guard let offset = numbers("00:00", &rest), offset[0] < 24, offset[1] < 60 else { return nil }
        return offset[0] * 60 + offset[1]
    }

    /// Takes a text of this shape, a digit for every `0`, and returns its numbers.
    private static func numbers(_ shape: String, _ rest: inout Substring.UTF8View) -> [Int64]? {
        var numbers: [Int64] = [0]
        for expected in shape.utf8 {
            guard let byte = rest.popFirst() else { return nil }
            if expected == UInt8(ascii: "0") {
                guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
                numbers[numbers.count - 1] = numbers[numbers.count - 1] * 10 + Int64(byte - UInt8(ascii: "0"))
            } else {
                guard byte == expected else { return nil }
                numbers.append(0)
            }
        }
        return numbers
    }
}
