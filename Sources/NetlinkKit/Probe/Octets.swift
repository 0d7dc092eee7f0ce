extension Span<UInt8> {
    /// The number in two octets in network order; traps outside the bytes.
    func number16(at offset: Int) -> UInt16 {
        UInt16(self[offset]) << 8 | UInt16(self[offset + 1])
    }
}

extension OutputSpan<UInt8> {
    /// Appends a number as two octets in network order; traps without room for them.
    mutating func append(number16 number: UInt16) {
        append(UInt8(truncatingIfNeeded: number >> 8))
        append(UInt8(truncatingIfNeeded: number))
    }
}

extension [UInt8] {
    /// Makes an array of what the body writes, which is at most `capacity` octets.
    init(capacity: Int, _ body: (inout OutputSpan<UInt8>) -> Void) {
        self.init()
        append(addingCapacity: capacity, initializingWith: body)
    }
}
