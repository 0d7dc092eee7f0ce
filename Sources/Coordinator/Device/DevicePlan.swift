internal import IPAMCore
internal import NetlinkKit

/// What has to be done so that a node has the devices of a configuration: a pure function of both.
///
/// The plan is empty when everything is as it should be. What cannot be, or would break something that others use, is
/// refused as a whole, so that nothing is half done. For the empty plan, and only for that, it is enough to have looked at the
/// links that the configuration names and at the members of the bond.
///
/// ```swift
/// let plan = try DevicePlan(configuration, DeviceState(links: try socket.links()))
/// for operation in plan.operations { print(operation) }
/// ```
public struct DevicePlan: Sendable, Hashable {
    /// The operations in their order.
    public internal(set) var operations: [DeviceOperation] = []

    let configuration: DeviceConfiguration
    let state: DeviceState

    /// Makes the plan.
    ///
    /// - Parameters:
    ///   - configuration: What is wanted.
    ///   - state: What is there.
    /// - Throws: ``DeviceError`` for what cannot be done, with the field and the remedy.
    public init(_ configuration: DeviceConfiguration, _ state: DeviceState) throws(DeviceError) {
        self.configuration = configuration
        self.state = state
        let base: Base
        if let bond = configuration.bond { base = try prepare(bond) } else { base = try interface() }
        if let vlan = configuration.vlan { try prepare(vlan, on: base) }
        operations += base.afterwards
    }

    /// What a VLAN is put on.
    struct Base {
        let name: InterfaceName
        /// `nil` while it does not exist.
        var index: LinkIndex?
        /// The longest packet, once the operations so far are done.
        var mtuBytes: UInt32
        /// Whether it is on, once the operations so far are done.
        var isUp: Bool
        /// What is done when all devices are there.
        var afterwards: [DeviceOperation] = []
    }

    /// Whether interfaces become members of a bond, so that nothing on them would receive anything any more.
    var takesMembers: Bool {
        operations.contains { operation in
            if case .join = operation { true } else { false }
        }
    }

    mutating func append(_ operation: DeviceOperation) { operations.append(operation) }

    /// The one interface. It belongs to somebody else: it is switched on for a VLAN, and otherwise left alone.
    private func interface() throws(DeviceError) -> Base {
        let link = try existing(configuration.base, field: "interfaces[0]")
        if configuration.vlan == nil, let wanted = configuration.mtuBytes, wanted != link.mtuBytes {
            throw DeviceError(
                .mismatch, "mtu differs",
                details: "mtu: \(link.name) has \(link.mtuBytes) and \(wanted) is asked for; ifacer does not change an "
                    + "interface that it did not make: ip link set dev \(link.name) mtu \(wanted), or leave out mtu")
        }
        return Base(
            name: configuration.base, index: link.index, mtuBytes: link.mtuBytes, isUp: link.isUp)
    }

    /// A link that has to be there.
    func existing(_ name: InterfaceName, field: String) throws(DeviceError) -> Link {
        guard let link = state.link(named: name) else { throw .missing(name, field: field) }
        return link
    }
}
