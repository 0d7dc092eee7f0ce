internal import Glibc
internal import IPAMCore

/// Reading of messages: checked everywhere, so that no bytes whatever can do harm, and without allocating.
extension RawSpan {
    /// The integer that starts at an offset, in the byte order of the machine; `nil` when the bytes end before it does.
    @inline(__always)
    func integer<Value: FixedWidthInteger & BitwiseCopyable>(at offset: Int = 0, as type: Value.Type) -> Value? {
        guard offset >= 0, offset <= byteCount, byteCount - offset >= MemoryLayout<Value>.size else { return nil }
        // The bounds were checked on the line above, and every pattern of bits is an integer.
        return unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: Value.self)
    }

    /// The text up to the first zero byte, or up to the end; bytes that are not UTF-8 are replaced.
    var text: String {
        unsafe withUnsafeBytes { bytes in
            guard let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return "" }
            return unsafe String(
                decoding: UnsafeBufferPointer(start: start, count: strnlen(start, bytes.count)), as: UTF8.self)
        }
    }

    /// Whether the text up to the first zero byte, or up to the end, is the given one.
    func isText(_ text: StaticString) -> Bool {
        unsafe withUnsafeBytes { bytes in
            let end = unsafe bytes.firstIndex(of: 0) ?? bytes.endIndex
            return unsafe bytes[..<end].elementsEqual(
                UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        }
    }

    /// The hardware address that these 6 bytes are.
    var hardwareAddress: MACAddress? {
        guard byteCount == 6, let high = integer(as: UInt16.self), let low = integer(at: 2, as: UInt32.self) else {
            return nil
        }
        return MACAddress(bits: UInt64(UInt16(bigEndian: high)) << 32 | UInt64(UInt32(bigEndian: low)))
    }

    /// The address that these 4 or 16 bytes are.
    var address: IPAddress? {
        switch byteCount {
        case 4: integer(as: UInt32.self).map { .v4(IPv4Address(bits: UInt32(bigEndian: $0))) }
        case 16:
            if let high = integer(as: UInt64.self), let low = integer(at: 8, as: UInt64.self) {
                .v6(IPv6Address(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low)))
            } else {
                nil
            }
        default: nil
        }
    }

    /// The number of a link.
    var linkIndex: LinkIndex? {
        integer(as: Int32.self).flatMap(LinkIndex.init(rawValue:))
    }

    /// A copy of the bytes.
    var array: [UInt8] {
        unsafe withUnsafeBytes { unsafe Array($0) }
    }

    /// Calls a closure for each attribute, in order.
    ///
    /// - Parameters:
    ///   - start: Where the first one starts, after the family header.
    ///   - body: Takes the type and the value.
    /// - Returns: false when the bytes are not a sequence of attributes; the closure saw those before the flaw.
    @discardableResult
    @inline(__always)
    func forEachAttribute(from start: Int = 0, _ body: (AttributeType, RawSpan) -> Void) -> Bool {
        guard start >= 0 else { return false }
        var offset = start
        // Most of the time of a dump goes by here, so each bound is checked once. The offset stays below the count of bytes
        // plus the longest attribute, and cannot overflow.
        while byteCount &- offset >= 4 {
            let length = Int(unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt16.self))
            let type = unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset &+ 2, as: UInt16.self)
            guard length >= 4, length <= byteCount &- offset else { return false }
            let range = unsafe Range(uncheckedBounds: (offset &+ 4, offset &+ length))
            body(AttributeType(rawValue: type), unsafe extracting(unchecked: range))
            offset &+= (length &+ 3) & ~3
        }
        return offset <= byteCount + 3
    }

    /// The integer in the first attribute of a type.
    func attribute<Value: FixedWidthInteger & BitwiseCopyable>(
        _ wanted: AttributeType, from start: Int = 0, as: Value.Type
    ) -> Value? {
        var found: Value?
        forEachAttribute(from: start) { type, value in
            if type == wanted, found == nil { found = value.integer(as: Value.self) }
        }
        return found
    }

    /// The number in the first attribute of a type, which is in the byte order of networks, as nftables has them.
    func network(_ wanted: AttributeType, from start: Int = 0) -> UInt32? {
        attribute(wanted, from: start, as: UInt32.self).map(UInt32.init(bigEndian:))
    }

    /// The text in the first attribute of a type.
    func text(_ wanted: AttributeType, from start: Int = 0) -> String? {
        var found: String?
        forEachAttribute(from: start) { type, value in
            if type == wanted, found == nil { found = value.text }
        }
        return found
    }
}
