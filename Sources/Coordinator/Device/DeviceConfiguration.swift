public import IPAMCore
public import NetlinkKit

/// The devices that a network needs on the node before a Pod's interface can be made on them.
///
/// One interface or a bond of several, and a VLAN on it or none. What is wrong in itself is refused here, whatever is on
/// the node; whether it fits the node is for ``DevicePlan``.
public struct DeviceConfiguration: Sendable, Hashable {
    /// The interfaces below, at least one.
    public let interfaces: [InterfaceName]
    /// The bond; `nil` exactly when there is one interface.
    public let bond: DeviceBond?
    /// The VLAN; `nil` for none.
    public let vlan: VLANIdentifier?
    /// Whether another interface of the node may have a VLAN of the same number.
    public let allowsDuplicateVLANID: Bool
    /// The longest packet of ``device`` in bytes; `nil` leaves what the kernel chooses.
    public let mtuBytes: UInt32?
    /// The one interface or the bond.
    public let base: InterfaceName
    /// What the plugin after this one takes as its `master`.
    public let device: InterfaceName
    /// What is strange, though not wrong.
    public let warnings: [String]

    /// The smallest value of `mtu` (RFC 791).
    static let minimumMTU: Int64 = 68
    /// The largest value of `mtu`, the largest packet of IPv4 and IPv6 without jumbograms.
    static let maximumMTU: Int64 = 65535

    /// Checks a configuration; parameters are named in errors as the keys of the plugin's configuration.
    ///
    /// - Parameters:
    ///   - interfaces: `interfaces`, names.
    ///   - vlanID: `vlanID`, 0 for none.
    ///   - bond: `bond`, needed with several interfaces and passed over with one.
    ///   - mtu: `mtu` in bytes, 0 for what the kernel chooses.
    ///   - allowsDuplicateVLANID: `allowDuplicateVLANID`.
    /// - Throws: ``DeviceError`` that names the key and what would serve.
    public init(
        interfaces: [String], vlanID: Int64 = 0, bond: DeviceBond.Text? = nil, mtu: Int64 = 0,
        allowsDuplicateVLANID: Bool = false
    ) throws(DeviceError) {
        let names = try Self.names(interfaces)
        guard (0...4094).contains(vlanID) else {
            throw DeviceError(
                .configuration, "vlan tag must be in range [0,4094]",
                details: "vlanID: got \(vlanID); 1 to 4094 name a VLAN, 0 stands for none")
        }
        guard mtu == 0 || (Self.minimumMTU...Self.maximumMTU).contains(mtu) else {
            throw DeviceError(
                .configuration, "mtu out of range",
                details:
                    "mtu: got \(mtu), expected \(Self.minimumMTU) to \(Self.maximumMTU), or 0 for the kernel's choice")
        }
        self.interfaces = names
        var warnings: [String] = []
        if names.count > 1 {
            guard let bond else {
                throw DeviceError(
                    .configuration, "bond is required with several interfaces",
                    details: "bond: missing, and interfaces has \(names.count) entries; add \"bond\": "
                        + "{\"name\": \"bond0\", \"mode\": 1} or leave one interface")
            }
            let checked = try DeviceBond(bond, members: names)
            warnings += checked.warnings
            self.bond = checked
            base = checked.name
        } else {
            if bond != nil { warnings.append("bond is ignored: there is only one interface, \(names[0])") }
            self.bond = nil
            base = names[0]
        }
        vlan = UInt16(exactly: vlanID).flatMap(VLANIdentifier.init(rawValue:))
        if let vlan { device = try Self.name(of: vlan, on: base) } else { device = base }
        self.allowsDuplicateVLANID = allowsDuplicateVLANID
        mtuBytes = mtu == 0 ? nil : UInt32(mtu)
        self.warnings = warnings
    }

    private static func names(_ texts: [String]) throws(DeviceError) -> [InterfaceName] {
        guard !texts.isEmpty else {
            throw DeviceError(
                .configuration, "interfaces have at least one interface",
                details: "interfaces: name the interface of the node, as [\"ens1\"], or several for a bond")
        }
        var names: [InterfaceName] = []
        for (place, text) in texts.enumerated() {
            guard let name = InterfaceName(text) else {
                throw DeviceError(
                    .configuration, "invalid interface name",
                    details: "interfaces[\(place)]: \"\(text)\" \(InterfaceName.rule)")
            }
            guard !names.contains(name) else {
                throw DeviceError(
                    .configuration, "interface named twice",
                    details: "interfaces[\(place)]: \(name) stands in the list before; name each interface once")
            }
            names.append(name)
        }
        return names
    }

    private static func name(of vlan: VLANIdentifier, on base: InterfaceName) throws(DeviceError) -> InterfaceName {
        let text = "\(base).\(vlan)"
        guard let name = InterfaceName(text) else {
            throw DeviceError(
                .configuration, "name of the VLAN interface too long",
                details: "vlanID: \"\(text)\" has \(text.utf8.count) bytes, \(InterfaceName.maximumBytes) are allowed; "
                    + "rename \(base) (ip link set dev \(base) name NAME), or give the bond a shorter name")
        }
        return name
    }
}
