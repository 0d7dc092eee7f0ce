/// The start of every message (`struct nlmsghdr`), as read.
struct MessageHeader: Sendable {
    /// The length of the header in bytes.
    static let byteCount = 16

    /// The length of the whole message in bytes.
    let length: Int

    /// What it is about.
    let type: MessageType

    /// How it is to be taken.
    let flags: MessageFlags

    /// The number of the request that it answers.
    let sequence: UInt32

    /// Reads the header at an offset.
    ///
    /// - Returns: `nil` when there is no header, or when the length in it is not one that can be.
    init?(in bytes: RawSpan, at offset: Int) {
        guard let length = bytes.integer(at: offset, as: UInt32.self),
            let type = bytes.integer(at: offset + 4, as: UInt16.self),
            let flags = bytes.integer(at: offset + 6, as: UInt16.self),
            let sequence = bytes.integer(at: offset + 8, as: UInt32.self),
            length >= UInt32(Self.byteCount), Int(length) <= bytes.byteCount - offset
        else { return nil }
        self.length = Int(length)
        self.type = MessageType(rawValue: type)
        self.flags = MessageFlags(rawValue: flags)
        self.sequence = sequence
    }
}
