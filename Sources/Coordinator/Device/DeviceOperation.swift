public import IPAMCore
public import NetlinkKit

/// One step on the way to the devices that are wanted.
public enum DeviceOperation: Sendable, Hashable {
    /// Makes a bond, which is off and has no members.
    case makeBond(InterfaceName, BondOptions, mtuBytes: UInt32)
    /// Makes a VLAN interface, which is off.
    case makeVLAN(InterfaceName, VLANIdentifier, on: InterfaceName, mtuBytes: UInt32?)
    /// Removes a device.
    case remove(InterfaceName)
    /// Notes on a device that it was made here.
    case mark(InterfaceName)
    /// Reads a bond back and compares the options: kernels pass over those that they do not know.
    case compare(InterfaceName, BondOptions)
    /// Changes options of a bond.
    case setOptions(InterfaceName, BondOptions, from: BondOptions)
    /// Changes the longest packet.
    case setMTU(InterfaceName, UInt32, from: UInt32)
    /// Switches an interface on.
    case switchOn(InterfaceName)
    /// Switches an interface off.
    case switchOff(InterfaceName)
    /// Puts an interface, which has to be off, into a bond, which switches it on.
    case join(InterfaceName, bond: InterfaceName)
    /// Takes an interface out of a bond, which switches it off.
    case leave(InterfaceName, bond: InterfaceName)
    /// Gives an address to an interface.
    case addAddress(LinkAddress, to: InterfaceName)
    /// Takes an address from an interface.
    case removeAddress(LinkAddress, from: InterfaceName)
    /// Adds a route; what it said of one link it then says of the interface.
    case addRoute(Route, of: LinkIndex, over: InterfaceName)
    /// Removes a route.
    case removeRoute(Route, of: LinkIndex, over: InterfaceName)
    /// Waits, for three seconds at most, until an interface can send; it is no failure if it cannot.
    case awaitCarrier(InterfaceName)
    /// Makes a member the one in use; it is no failure if it cannot be.
    case activate(InterfaceName, bond: InterfaceName)
}

extension DeviceOperation {
    /// What undoes the operation; `nil` when nothing has to be undone.
    var inverse: Self? {
        switch self {
        case .makeBond(let name, _, _), .makeVLAN(let name, _, _, _): .remove(name)
        case .setOptions(let bond, let options, let old): .setOptions(bond, old, from: options)
        case .setMTU(let name, let mtuBytes, let old): .setMTU(name, old, from: mtuBytes)
        case .switchOn(let name): .switchOff(name)
        case .switchOff(let name): .switchOn(name)
        case .join(let member, let bond): .leave(member, bond: bond)
        case .leave(let member, let bond): .join(member, bond: bond)
        case .addAddress(let address, let name): .removeAddress(address, from: name)
        case .removeAddress(let address, let name): .addAddress(address, to: name)
        case .addRoute(let route, let link, let name): .removeRoute(route, of: link, over: name)
        case .removeRoute(let route, let link, let name): .addRoute(route, of: link, over: name)
        case .remove, .mark, .compare, .awaitCarrier, .activate: nil
        }
    }
}

extension DeviceOperation: CustomStringConvertible {
    /// The operation in words, such as `put ens1 into bond0`.
    public var description: String {
        switch self {
        case .makeBond(let name, let options, let mtuBytes): "make bond \(name): \(options.words), mtu \(mtuBytes)"
        case .makeVLAN(let name, let vlan, let base, let mtuBytes):
            "make VLAN interface \(name): VLAN \(vlan) on \(base)" + (mtuBytes.map { ", mtu \($0)" } ?? "")
        case .remove(let name): "remove \(name)"
        case .mark(let name): "mark \(name) as made by ifacer"
        case .compare(let name, let options): "read \(name) back: \(options.words)"
        case .setOptions(let name, let options, let old): "set \(name): \(options.words) (was \(old.words))"
        case .setMTU(let name, let mtuBytes, let old): "set \(name): mtu \(mtuBytes) (was \(old))"
        case .switchOn(let name): "switch \(name) on"
        case .switchOff(let name): "switch \(name) off"
        case .join(let member, let bond): "put \(member) into \(bond)"
        case .leave(let member, let bond): "take \(member) out of \(bond)"
        case .addAddress(let address, let name): "add address \(address) to \(name)"
        case .removeAddress(let address, let name): "remove address \(address) from \(name)"
        case .addRoute(let route, _, let name): "add route \(route.target) over \(name)"
        case .removeRoute(let route, _, let name): "remove route \(route.target) over \(name)"
        case .awaitCarrier(let name): "wait for a carrier on \(name)"
        case .activate(let member, let bond): "make \(member) the active member of \(bond)"
        }
    }
}

extension BondOptions {
    /// The options in words, such as `mode active-backup, miimon 100`.
    var words: String {
        let words = entries.map { "\($0.option) \($0.option.text(of: $0.value))" }
        return words.isEmpty ? "no options" : words.joined(separator: ", ")
    }
}

extension Route {
    /// Where the route leads, without the number of the link.
    fileprivate var target: String {
        let gateways = nextHops.compactMap(\.gateway).map { " via \($0)" }.joined()
        return (destination.isDefault ? "default" : "\(destination)") + gateways
    }
}
