/// Writes netlink messages one after the other into bytes that are sent at once.
///
/// ```text
/// nlmsghdr | family header | attribute | attribute { attribute … } | nlmsghdr | …
/// ```
struct MessageWriter: Sendable {
    /// All messages so far.
    private(set) var bytes: [UInt8] = []

    /// How many messages there are.
    private(set) var count = 0

    /// Whether something was longer than its length field can say; such messages must not be sent.
    var isOverlong = false

    /// Makes an empty one.
    init() {
        bytes.reserveCapacity(256)
    }

    /// Makes one with one message.
    init(_ type: MessageType, _ flags: MessageFlags, _ body: (inout MessageWriter) -> Void) {
        self.init()
        message(type, flags, body)
    }

    /// Writes a message (`struct nlmsghdr`); the socket fills in the sequence number.
    ///
    /// - Parameters:
    ///   - type: What it is about.
    ///   - flags: How it is to be taken, besides `NLM_F_REQUEST`.
    ///   - body: Writes the family header and the attributes.
    mutating func message(_ type: MessageType, _ flags: MessageFlags, _ body: (inout MessageWriter) -> Void) {
        let start = bytes.count
        append(UInt32(0))
        append(type.rawValue)
        append(flags.union(.request).rawValue)
        append(UInt64(0))
        body(&self)
        count += 1
        store(UInt32(truncatingIfNeeded: bytes.count - start), at: start)
    }

    /// Writes an integer in the byte order of the machine.
    mutating func append<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value) {
        let ordered = value.littleEndian
        for index in 0..<(Value.bitWidth / 8) {
            bytes.append(UInt8(truncatingIfNeeded: ordered >> Value(truncatingIfNeeded: 8 * index)))
        }
    }

    /// Writes bytes as they are.
    mutating func append(contentsOf other: some Sequence<UInt8>) {
        bytes.append(contentsOf: other)
    }

    /// Writes an attribute whose value is whatever the closure writes.
    ///
    /// - Parameters:
    ///   - type: What it is about.
    ///   - flags: `NLA_F_NESTED` for attributes within the attribute.
    ///   - body: Writes the value.
    mutating func attribute(_ type: AttributeType, flags: UInt16 = 0, _ body: (inout MessageWriter) -> Void) {
        let start = bytes.count
        append(UInt16(0))
        append(type.rawValue | flags)
        body(&self)
        let length = bytes.count - start
        if length > Int(UInt16.max) { isOverlong = true }
        store(UInt16(truncatingIfNeeded: length), at: start)
        while !bytes.count.isMultiple(of: 4) { bytes.append(0) }
    }

    /// The same messages in several writers, none with more than so many.
    func parts(of limit: Int) -> [MessageWriter] {
        guard count > limit else { return count == 0 ? [] : [self] }
        var parts: [MessageWriter] = []
        var start = 0
        while start < bytes.count {
            var part = MessageWriter()
            part.isOverlong = isOverlong
            let first = start
            while start < bytes.count, part.count < limit {
                start += length(at: start)
                part.count += 1
            }
            part.bytes = Array(bytes[first..<start])
            parts.append(part)
        }
        return parts
    }

    /// Numbers the messages, the first with the given number, each with one more than the one before.
    mutating func number(from first: UInt32) {
        var start = 0
        var sequence = first
        while start < bytes.count {
            store(sequence, at: start + 8)
            sequence &+= 1
            start += length(at: start)
        }
    }

    /// What an attribute is about that starts at an offset within one of the messages; `nil` when nothing does.
    func attribute(ofMessage index: Int, at offset: Int) -> AttributeType? {
        var start = 0
        for _ in 0..<index where start < bytes.count { start += length(at: start) }
        guard start < bytes.count, (MessageHeader.byteCount..<length(at: start)).contains(offset) else { return nil }
        let type = unsafe bytes.span.bytes.integer(at: start + offset + 2, as: UInt16.self)
        return type.map(AttributeType.init(rawValue:))
    }

    /// The length of the message that starts there.
    private func length(at start: Int) -> Int {
        let length = unsafe bytes.span.bytes.integer(at: start, as: UInt32.self)
        return length.map(Int.init) ?? bytes.count - start
    }

    /// Writes an integer over bytes that are there.
    private mutating func store<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value, at start: Int) {
        unsafe bytes.withUnsafeMutableBytes { unsafe $0.storeBytes(of: value, toByteOffset: start, as: Value.self) }
    }
}
