/// The few bytes and conversions that the parsers and writers of this library share.
enum ASCII {
    static let dot = UInt8(ascii: ".")
    static let colon = UInt8(ascii: ":")
    static let slash = UInt8(ascii: "/")
    static let dash = UInt8(ascii: "-")
    static let percent = UInt8(ascii: "%")
    static let zero = UInt8(ascii: "0")

    /// The value of a hexadecimal digit, or `nil`.
    @inline(__always)
    static func hexValue(_ byte: UInt8) -> UInt8? {
        let digit = byte &- zero
        if digit < 10 { return digit }
        let letter = (byte | 0x20) &- UInt8(ascii: "a")
        return letter < 6 ? letter &+ 10 : nil
    }

    /// The lower-case hexadecimal digit of a value below 16.
    @inline(__always)
    static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? zero &+ value : UInt8(ascii: "a") &- 10 &+ value
    }
}

extension String {
    /// Makes a string by writing at most `capacity` ASCII bytes.
    ///
    /// Inlined together with what is written, so that the place to write to stays in registers.
    @inline(__always)
    init(asciiCapacity capacity: Int, writing write: (inout OutputSpan<UInt8>) -> Void) {
        unsafe self.init(unsafeUninitializedCapacity: capacity) { buffer in
            var output = unsafe OutputSpan(buffer: buffer, initializedCount: 0)
            write(&output)
            return unsafe output.finalize(for: buffer)
        }
    }
}

extension OutputSpan<UInt8> {
    /// Appends a number below 1000 in decimal.
    @inline(__always)
    mutating func appendDecimal(_ value: UInt8) {
        if value >= 100 {
            append(ASCII.zero &+ value / 100)
            append(ASCII.zero &+ value / 10 % 10)
        } else if value >= 10 {
            append(ASCII.zero &+ value / 10)
        }
        append(ASCII.zero &+ value % 10)
    }

    /// Appends a 16-bit group in hexadecimal without leading zeros.
    @inline(__always)
    mutating func appendHex(_ value: UInt16) {
        // The four nibbles, each in a byte of its own, and all of them turned into digits at once.
        let pairs = UInt32(value & 0xff00) << 8 | UInt32(value & 0xff)
        let nibbles = (pairs & 0x00f0_00f0) << 4 | pairs & 0x000f_000f
        let isLetter = (nibbles &+ 0x0606_0606) >> 4 & 0x0101_0101
        let digits = nibbles &+ 0x3030_3030 &+ isLetter &* 39
        if value >= 0x1000 { append(UInt8(truncatingIfNeeded: digits >> 24)) }
        if value >= 0x100 { append(UInt8(truncatingIfNeeded: digits >> 16)) }
        if value >= 0x10 { append(UInt8(truncatingIfNeeded: digits >> 8)) }
        append(UInt8(truncatingIfNeeded: digits))
    }
}
