public import IPAMCore

/// The value of an option of a bond.
public enum BondValue: Sendable, Hashable {
    /// A number, or what a word stands for.
    case number(UInt32)
    /// A member of the bond.
    case link(LinkIndex)
    /// A hardware address.
    case hardwareAddress(MACAddress)
    /// Addresses of one family.
    case addresses([IPAddress])
}

extension BondOption {
    /// Reads a value: a word, a decimal number, a hardware address, or addresses with commas between them.
    ///
    /// - Returns: `nil` when the option takes no such value, and for options that name a link.
    public func value(parsing text: String) -> BondValue? {
        let value: BondValue? =
            switch rule.form {
            case .number(_, _, let words):
                words.firstIndex(of: text).map { .number(UInt32($0)) } ?? UInt32(text).map { .number($0) }
            case .link: nil
            case .hardwareAddress: MACAddress(text).map { .hardwareAddress($0) }
            case .addresses: addresses(parsing: text)
            }
        return value.flatMap { accepts($0) ? $0 : nil }
    }

    /// Whether the option takes a value, whatever the mode.
    public func accepts(_ value: BondValue) -> Bool {
        switch (rule.form, value) {
        case (.number(_, let range, _), .number(let number)): range.contains(number)
        case (.link, .link): true
        case (.hardwareAddress, .hardwareAddress(let address)): !address.isMulticast
        case (.addresses(let family), .addresses(let addresses)):
            addresses.count <= 16 && addresses.allSatisfy { $0.family == family }
        default: false
        }
    }

    /// A value in words as far as the option has some, otherwise in digits.
    public func text(of value: BondValue) -> String {
        switch value {
        case .number(let number):
            if case .number(_, _, let words) = rule.form, number < words.count {
                words[Int(number)]
            } else {
                String(number)
            }
        case .link(let link): link.description
        case .hardwareAddress(let address): address.description
        case .addresses(let addresses): addresses.map(\.description).joined(separator: ",")
        }
    }

    private func addresses(parsing text: String) -> BondValue? {
        var addresses: [IPAddress] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let address = IPAddress(String(part)) else { return nil }
            addresses.append(address)
        }
        return .addresses(addresses)
    }
}
