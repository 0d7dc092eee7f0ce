/// How a bond uses its members (`IFLA_BOND_MODE`).
public enum BondMode: UInt8, Sendable, Hashable, CaseIterable {
    /// Packets in turn.
    case balanceRoundRobin = 0
    /// One member at a time.
    case activeBackup = 1
    /// By a hash of the addresses.
    case balanceXOR = 2
    /// Everything on all members.
    case broadcast = 3
    /// As agreed with the switch (LACP).
    case ieee8023ad = 4
    /// Sending by load.
    case balanceTLB = 5
    /// Sending and receiving by load.
    case balanceALB = 6

    /// The kernel's words, by number.
    static let words = [
        "balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb",
    ]

    /// Finds a mode by its name or by its number in decimal.
    public init?(_ text: String) {
        guard let number = Self.words.firstIndex(of: text) ?? Int(text), let rawValue = UInt8(exactly: number) else {
            return nil
        }
        self.init(rawValue: rawValue)
    }
}

extension BondMode: CustomStringConvertible {
    /// The kernel's name, such as `802.3ad`.
    public var description: String { Self.words[Int(rawValue)] }
}
