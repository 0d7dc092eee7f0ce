/// The number by which the kernel knows a link inside one network namespace (`ifindex`, rtnetlink(7)).
///
/// A number is never 0 and is not used again within the life of a namespace, unless it was asked for. The same link
/// may get another number when it moves to another namespace.
public struct LinkIndex: Sendable, Hashable, Comparable, RawRepresentable {
    /// The kernel's number, positive.
    public let rawValue: Int32

    /// Wraps a number; `nil` unless it is positive.
    @inlinable
    public init?(rawValue: Int32) {
        guard rawValue > 0 else { return nil }
        self.rawValue = rawValue
    }

    /// Orders links by their number, which is the order in which they were made.
    @inlinable
    public static func < (left: Self, right: Self) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension LinkIndex: CustomStringConvertible {
    /// The number in decimal.
    public var description: String { String(rawValue) }
}
