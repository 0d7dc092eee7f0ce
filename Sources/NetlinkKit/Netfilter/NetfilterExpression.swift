public import IPAMCore

/// One step of a rule of nftables.
///
/// The kernel runs the steps of a rule one after the other. They hand a value on in register 1, the only one that is
/// known here; nft(8) writes most rules in the same way, and `nft --debug=netlink` shows them:
///
/// ```swift
/// [.load(.inputLinkName), .compare(.equal, .name(veth0))]   // iifname "veth0"
/// [.immediate(1), .set(.mark)]                              // meta mark set 0x1
/// ```
public enum NetfilterExpression: Sendable, Hashable {
    /// A value that belongs to a packet or to its connection.
    public enum Source: Sendable, Hashable {
        /// The name of the link by which the packet came in (`NFT_META_IIFNAME`), a ``Value/name(_:)``.
        case inputLinkName
        /// The mark of the packet (`NFT_META_MARK`), which rules of routing look at.
        case mark
        /// The state of the connection (`NFT_CT_STATE`), one bit; see ``NetfilterExpression/newConnection``.
        case connectionState
        /// The mark of the connection (`NFT_CT_MARK`).
        case connectionMark
    }

    /// How values are compared (`NFT_CMP_…`).
    public enum Comparison: UInt32, Sendable {
        /// They are the same.
        case equal = 0
        /// They are not.
        case unequal = 1
    }

    /// What a value is compared with.
    public enum Value: Sendable, Hashable {
        /// A number of 32 bits.
        case number(UInt32)
        /// The name of a link.
        case name(InterfaceName)
    }

    /// Puts a value into the register (`meta load`, `ct load`).
    case load(Source)
    /// Changes a mark to what is in the register (`meta set`, `ct set`).
    case set(Source)
    /// Puts a number into the register.
    case immediate(UInt32)
    /// Changes the number in the register to `(number & mask) ^ xor`.
    case bitwise(mask: UInt32, xor: UInt32)
    /// Ends the rule for this packet unless the register compares like this with a value.
    case compare(Comparison, Value)
    /// Anything else that was read: the name of its kind, and its attributes as they are.
    case other(String, [UInt8])

    /// The bit of ``Source/connectionState`` of the first packet of a connection (`NF_CT_STATE_BIT(IP_CT_NEW)`).
    public static let newConnection: UInt32 = 8
}

extension NetfilterExpression: CustomStringConvertible {
    /// As `nft --debug=netlink` writes it, but names as text.
    public var description: String {
        switch self {
        case .load(let source): "\(source.kind) load \(source) => reg 1"
        case .set(let source): "\(source.kind) set \(source) with reg 1"
        case .immediate(let number): "immediate reg 1 \(Value.number(number))"
        case .bitwise(let mask, let xor):
            "bitwise reg 1 = ( reg 1 & \(Value.number(mask)) ) ^ \(Value.number(xor))"
        case .compare(let comparison, let value): "cmp \(comparison == .equal ? "eq" : "neq") reg 1 \(value)"
        case .other(let kind, _): kind
        }
    }
}

extension NetfilterExpression.Source: CustomStringConvertible {
    /// The kind of expression that knows it.
    var kind: String {
        switch self {
        case .inputLinkName, .mark: "meta"
        case .connectionState, .connectionMark: "ct"
        }
    }

    /// The word of nft(8).
    public var description: String {
        switch self {
        case .inputLinkName: "iifname"
        case .connectionState: "state"
        case .mark, .connectionMark: "mark"
        }
    }
}

extension NetfilterExpression.Value: CustomStringConvertible {
    /// The number in base 16, or the name in quotes.
    public var description: String {
        switch self {
        case .number(let number): "0x\(String(number, radix: 16))"
        case .name(let name): "\"\(name)\""
        }
    }
}
