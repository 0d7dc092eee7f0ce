public import IPAMCore

/// What the kernel asks of an option of a bond (`bond_options.c`).
public struct BondOptionRule: Sendable, Hashable {
    /// What values there are.
    public enum Form: Sendable, Hashable {
        /// A number of so many bytes within a range; the words stand for 0, 1 and so on.
        case number(bytes: Int, ClosedRange<UInt32>, words: [String] = [])
        /// A member of the bond.
        case link
        /// The hardware address of one interface.
        case hardwareAddress
        /// At most 16 addresses.
        case addresses(AddressFamily)
    }

    /// In which state a bond has to be for a change.
    public struct Condition: OptionSet, Sendable, Hashable {
        /// The bits.
        public let rawValue: UInt8

        /// Wraps the bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// It has no members.
        public static let hasNoMembers = Self(rawValue: 1)
        /// It has members.
        public static let hasMembers = Self(rawValue: 2)
        /// It is switched off.
        public static let isDown = Self(rawValue: 4)
    }

    /// The kernel's name.
    public let name: String
    /// Other names in use.
    public let aliases: [String]
    /// What values there are.
    public let form: Form
    /// The modes in which the kernel accepts it.
    public let modes: BondModes
    /// The state that a change needs.
    public let condition: Condition
    /// Whether the kernel refuses it without ``BondOption/miimon``.
    public let needsMiimon: Bool

    /// A row of the table.
    init(
        _ name: String, aliases: [String] = [], _ form: Form, modes: BondModes = .all, when condition: Condition = [],
        needsMiimon: Bool = false
    ) {
        self.name = name
        self.aliases = aliases
        self.form = form
        self.modes = modes
        self.condition = condition
        self.needsMiimon = needsMiimon
    }
}

extension BondOptionRule.Form {
    /// 0 or 1.
    static let flag = Self.number(bytes: 1, 0...1)
    /// Milliseconds.
    static let milliseconds = Self.number(bytes: 4, 0...UInt32(Int32.max))

    /// The numbers of some words.
    static func words(bytes: Int = 1, _ words: String...) -> Self {
        .number(bytes: bytes, 0...UInt32(words.count - 1), words: words)
    }
}
