/// What an attribute of a message is about (`nla_type` without its two flags).
///
/// The meaning depends on the message, so the names are in one namespace per message: ``IFLA``, `IFA`, `RTA` and so on.
struct AttributeType: RawRepresentable, Sendable, Hashable, ExpressibleByIntegerLiteral {
    /// The kernel's number.
    let rawValue: UInt16

    /// Wraps a number; the flags `NLA_F_NESTED` and `NLA_F_NET_BYTEORDER` are taken off.
    init(rawValue: UInt16) { self.rawValue = rawValue & 0x3fff }

    /// Wraps a number.
    init(integerLiteral value: UInt16) { self.init(rawValue: value) }
}
