/// Why bytes are not an encoded block.
public struct BlockDecodingError: Error, Sendable, Hashable {
    /// What is wrong; an open set.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The stable text of the code.
        public let rawValue: String

        /// Makes a code from its text.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The bytes do not begin like a block.
        public static let notABlock = Self(rawValue: "not an encoded block")
        /// Written by a newer version of this library.
        public static let unsupportedVersion = Self(rawValue: "unsupported encoding version")
        /// The checksum does not fit the content: bytes were changed or lost.
        public static let damaged = Self(rawValue: "checksum mismatch, the block is damaged")
        /// The checksum fits but the content breaks an invariant.
        public static let inconsistent = Self(rawValue: "the content contradicts itself")
    }

    /// What is wrong.
    public let code: Code

    /// Offset of the byte at which reading stopped.
    public let offset: Int

    init(_ code: Code, at offset: Int) {
        self.code = code
        self.offset = offset
    }
}

extension BlockDecodingError: CustomStringConvertible {
    /// `what is wrong at byte n`.
    public var description: String { "\(code.rawValue) at byte \(offset)" }
}
