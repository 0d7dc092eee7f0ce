/// Something that no log and no error may show.
public struct Secret: Sendable, Hashable {
    /// What it is; for the one place that sends it.
    let revealed: [UInt8]

    /// Wraps a secret text.
    public init(_ text: String) { revealed = Array(text.utf8) }

    init(_ bytes: [UInt8]) { revealed = bytes }

    /// The secret as text.
    var text: String { String(decoding: revealed, as: UTF8.self) }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Nothing but that there is one.
    public var description: String { "<secret>" }
    /// Nothing but that there is one.
    public var debugDescription: String { "<secret>" }
    /// A mirror without children, for `dump` and the like.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
