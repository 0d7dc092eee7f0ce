public import IPAMCore
public import NetlinkKit

/// A bond as a configuration asks for it, with every option checked against the mode.
public struct DeviceBond: Sendable, Hashable {
    /// What to do when a bond of that name is there and differs.
    public enum Existing: String, Sendable, Hashable, CaseIterable {
        /// Its options are changed where that is possible while it runs; other differences are refused.
        case update
        /// Differences are refused.
        case strict
        /// It is taken as it is, whatever its mode, options and members.
        case adopt
    }

    /// A bond in the words of a configuration.
    public struct Text: Sendable, Hashable {
        /// `bond.name`; empty for ``DeviceBond/defaultName``.
        public var name = ""
        /// `bond.mode`, a number or a name; empty for what the options say, or else mode 0.
        public var mode = ""
        /// `bond.options`: items `key=value` with semicolons, commas or blanks between them.
        public var options = ""
        /// `bond.existing`; empty for ``DeviceBond/Existing/update``.
        public var existing = ""
        /// `bond.force`.
        public var force = false

        /// Describes a bond that has all the defaults.
        public init() {}
    }

    /// The name of a bond without one.
    public static let defaultName = "sp_bond0"

    /// The name.
    public let name: InterfaceName
    /// How the members are used.
    public let mode: BondMode
    /// The options that were asked for, without the mode and without those that name a member.
    public let options: BondOptions
    /// The member to be preferred.
    public let primary: InterfaceName?
    /// The member to begin with; a later fail-over is not undone.
    public let activeMember: InterfaceName?
    /// What to do when there is a bond of that name.
    public let existing: Existing
    /// Whether members may carry addresses and routes, which move to the bond.
    public let force: Bool
    /// What is strange, though not wrong.
    let warnings: [String]

    /// Checks a bond.
    ///
    /// - Parameters:
    ///   - text: What the configuration says.
    ///   - members: The interfaces of the bond.
    /// - Throws: ``DeviceError`` that names the key, the option and what would serve.
    public init(_ text: Text, members: [InterfaceName]) throws(DeviceError) {
        let nameText = text.name.isEmpty ? Self.defaultName : text.name
        guard let name = InterfaceName(nameText) else {
            throw DeviceError(
                .configuration, "invalid bond name", details: "bond.name: \"\(nameText)\" \(InterfaceName.rule)")
        }
        guard !members.contains(name) else {
            throw DeviceError(
                .configuration, "bond named as one of its members",
                details: "bond.name: \(name) is one of interfaces; give the bond a name of its own, as bond0")
        }
        self.name = name
        guard let existing = text.existing.isEmpty ? .update : Existing(rawValue: text.existing) else {
            throw DeviceError(
                .configuration, "unknown value of bond.existing",
                details: "bond.existing: \"\(text.existing)\" is none of "
                    + Existing.allCases.map(\.rawValue).joined(separator: ", "))
        }
        self.existing = existing
        force = text.force

        let items = try DeviceBondOptionText.items(text.options)
        mode = try Self.mode(text.mode, items.first { $0.option == .mode }?.value)
        var options = BondOptions()
        var links: [BondOption: InterfaceName] = [:]
        for item in items where item.option != .mode {
            guard item.option.rule.modes.contains(mode) else {
                let modes = BondMode.allCases.filter { item.option.rule.modes.contains($0) }
                throw DeviceError(
                    .configuration, "bond option does not fit the mode",
                    details: "bond.options: \(item): \(item.option) is for mode "
                        + modes.map { "\($0.rawValue) (\($0))" }.joined(separator: ", ")
                        + ", and mode is \(mode.rawValue) (\(mode))")
            }
            if item.option.rule.form == .link {
                guard let member = members.first(where: { $0.text == item.value }) else {
                    throw DeviceError(
                        .configuration, "bond option names no member",
                        details: "bond.options: \(item): expected one of interfaces: "
                            + members.map(\.text).joined(separator: ", "))
                }
                links[item.option] = member
            } else {
                options[item.option] = try item.parsed()
            }
        }
        primary = links[.primary]
        activeMember = links[.activeSlave]
        try Self.settleMonitoring(&options)
        self.options = options
        warnings = Self.warnings(options)
    }

    private static func mode(_ text: String, _ option: String?) throws(DeviceError) -> BondMode {
        let wanted = text.isEmpty ? option ?? "0" : text
        guard let mode = BondMode(wanted.lowercased()) else {
            let key = text.isEmpty ? "bond.options: mode" : "bond.mode"
            let names = BondMode.allCases.map { "\($0.rawValue) (\($0))" }.joined(separator: ", ")
            throw DeviceError(
                .configuration, "unknown bond mode: \(wanted), available mode: [0,6]",
                details: "\(key): expected \(names)")
        }
        guard let option, BondMode(option.lowercased()) != mode else { return mode }
        throw DeviceError(
            .configuration, "bond mode given twice",
            details: "bond.options: mode=\(option) differs from bond.mode, which is \(text); leave one of them")
    }

    /// Exactly one kind of monitoring, since without any there is no fail-over.
    private static func settleMonitoring(_ options: inout BondOptions) throws(DeviceError) {
        let watchesByARP = options[.arpInterval].map { $0 != .number(0) } ?? false
        if options[.miimon] == nil, !watchesByARP { options[.miimon] = .number(defaultMiimon) }
        let watchesCarrier = options[.miimon].map { $0 != .number(0) } ?? false
        guard !(watchesCarrier && watchesByARP) else {
            throw DeviceError(
                .configuration, "bond options exclude each other",
                details: "bond.options: miimon and arp_interval are both given; members are watched by their carrier "
                    + "(miimon) or by ARP (arp_interval with arp_ip_target): leave one")
        }
        let needing = options.entries.first { $0.option.rule.needsMiimon && $0.value != .number(0) }
        if let needing, !watchesCarrier {
            throw DeviceError(
                .configuration, "bond option needs miimon",
                details: "bond.options: \(needing.option) counts in steps of miimon, which is off; give miimon=100, or "
                    + "leave \(needing.option)")
        }
    }

    /// How often to look at the carrier, in milliseconds, unless something is said about monitoring.
    static let defaultMiimon: UInt32 = 100

    private static func warnings(_ options: BondOptions) -> [String] {
        let interval = options[.arpInterval] ?? .number(0)
        if interval == .number(0), options[.miimon] == .number(0) {
            return ["bond.options: miimon=0 and no arp_interval: members are not watched, there is no fail-over"]
        }
        if interval != .number(0), options[.arpIPTarget] == nil, options[.nsIP6Target] == nil {
            return ["bond.options: arp_interval without arp_ip_target: no member will be found to work"]
        }
        return []
    }
}
