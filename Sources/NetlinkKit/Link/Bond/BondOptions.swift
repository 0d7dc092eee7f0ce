internal import IPAMCore

/// Options of a bond with their values, in the order of their numbers.
///
/// ```swift
/// var options = BondOptions(mode: .ieee8023ad)
/// options[.miimon] = .number(100)
/// options[.lacpRate] = BondOption.lacpRate.value(parsing: "fast")
/// ```
public struct BondOptions: Sendable, Hashable {
    /// One option and its value.
    public struct Entry: Sendable, Hashable {
        /// The option.
        public let option: BondOption
        /// Its value.
        public let value: BondValue
    }

    /// The options that have a value.
    public private(set) var entries: [Entry] = []

    /// Makes an empty collection.
    public init() {}

    /// Makes a collection with the mode.
    public init(mode: BondMode) {
        self[.mode] = .number(UInt32(mode.rawValue))
    }

    /// The value of an option; `nil` for none.
    public subscript(option: BondOption) -> BondValue? {
        get { entries.first { $0.option == option }?.value }
        set {
            entries.removeAll { $0.option == option }
            guard let newValue else { return }
            let place = entries.firstIndex { $0.option.rawValue > option.rawValue } ?? entries.endIndex
            entries.insert(Entry(option: option, value: newValue), at: place)
        }
    }

    /// The mode, if it is among the options.
    public var mode: BondMode? {
        guard case .number(let number)? = self[.mode] else { return nil }
        return UInt8(exactly: number).flatMap(BondMode.init(rawValue:))
    }
}

extension BondOptions {
    /// Reads what is within `IFLA_INFO_DATA`; what is not known here is passed over.
    init(_ data: RawSpan) {
        var entries: [Entry] = []
        data.forEachAttribute { type, value in
            guard let option = BondOption(rawValue: type.rawValue), let value = option.value(in: value) else { return }
            entries.append(Entry(option: option, value: value))
        }
        self.entries = entries.sorted { $0.option.rawValue < $1.option.rawValue }
    }

    /// Writes what is within `IFLA_INFO_DATA`.
    func write(to writer: inout MessageWriter) {
        for entry in entries {
            let type = AttributeType(rawValue: entry.option.rawValue)
            switch entry.value {
            case .number(let number):
                switch entry.option.rule.form {
                case .number(bytes: 1, _, _): writer.attribute(type, UInt8(truncatingIfNeeded: number))
                case .number(bytes: 2, _, _): writer.attribute(type, UInt16(truncatingIfNeeded: number))
                default: writer.attribute(type, number)
                }
            case .link(let link): writer.attribute(type, link)
            case .hardwareAddress(let address): writer.attribute(type, address)
            case .addresses(let addresses):
                writer.nested(type) { writer in
                    for (index, address) in addresses.enumerated() {
                        writer.attribute(AttributeType(rawValue: UInt16(truncatingIfNeeded: index)), address)
                    }
                }
            }
        }
    }
}

extension BondOption {
    /// Reads a value as the kernel writes it; `nil` when it has another form.
    fileprivate func value(in bytes: RawSpan) -> BondValue? {
        switch rule.form {
        case .number(bytes: 1, _, _): return bytes.integer(as: UInt8.self).map { .number(UInt32($0)) }
        case .number(bytes: 2, _, _): return bytes.integer(as: UInt16.self).map { .number(UInt32($0)) }
        case .number: return bytes.integer(as: UInt32.self).map { .number($0) }
        case .link: return bytes.linkIndex.map { .link($0) }
        case .hardwareAddress: return bytes.hardwareAddress.map { .hardwareAddress($0) }
        case .addresses:
            var addresses: [IPAddress] = []
            bytes.forEachAttribute { _, value in
                if let address = value.address { addresses.append(address) }
            }
            return .addresses(addresses)
        }
    }
}
