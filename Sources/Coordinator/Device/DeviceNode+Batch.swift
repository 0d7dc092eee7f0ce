internal import IPAMCore
internal import NetlinkKit

extension DeviceNode {
    /// Puts an operation into words for the kernel. New links get their number here, so that what follows can name it.
    mutating func append(_ operation: DeviceOperation, to batch: inout RouteBatch) {
        switch operation {
        case .makeBond(let name, let options, let mtuBytes):
            batch.add(
                LinkSpecification(
                    name, .bond(options), settings: LinkSettings(mtuBytes: mtuBytes), index: number(for: name)))
        case .makeVLAN(let name, let vlan, let base, let mtuBytes):
            batch.add(
                LinkSpecification(
                    name, .vlan(parent: index(base), id: vlan), settings: LinkSettings(mtuBytes: mtuBytes),
                    index: number(for: name)))
        case .remove(let name): batch.remove(index(name))
        case .mark(let name): batch.update(index(name), LinkSettings(alias: DeviceState.mark))
        case .setOptions(let name, let options, _):
            batch.update(index(name), LinkChange(bondOptions: options))
        case .setMTU(let name, let mtuBytes, _): batch.update(index(name), LinkSettings(mtuBytes: mtuBytes))
        case .switchOn(let name): batch.update(index(name), LinkSettings(isUp: true))
        case .switchOff(let name): batch.update(index(name), LinkSettings(isUp: false))
        case .join(let member, let bond):
            batch.update(index(member), LinkSettings(master: .link(index(bond))))
        case .leave(let member, _): batch.update(index(member), LinkSettings(master: LinkSettings.Master.none))
        case .addAddress(let address, let name): batch.add(address.moved(to: index(name)))
        case .removeAddress(let address, let name): batch.remove(address.moved(to: index(name)))
        case .addRoute(let route, let link, let name): batch.add(route.moved(from: link, to: index(name)))
        case .removeRoute(let route, let link, let name): batch.remove(route.moved(from: link, to: index(name)))
        case .compare, .awaitCarrier, .activate: break
        }
    }

    private mutating func number(for name: InterfaceName) -> LinkIndex? {
        let number = LinkIndex(rawValue: nextIndex)
        nextIndex += 1
        indices[name.text] = number
        return number
    }

    /// The number of a link that the plan has found or made.
    private func index(_ name: InterfaceName) -> LinkIndex {
        guard let index = indices[name.text] else {
            preconditionFailure("the plan names \(name), which it has not looked at")
        }
        return index
    }
}

extension LinkAddress {
    /// The address on another link.
    fileprivate func moved(to link: LinkIndex) -> Self {
        var address = self
        address.link = link
        // A label begins with the name of its link; the other flags tell a state.
        address.label = ""
        address.flags = flags.intersection([.noPrefixRoute, .noDuplicateDetection])
        return address
    }
}

extension Route {
    /// The route over another link in place of one.
    fileprivate func moved(from old: LinkIndex, to new: LinkIndex) -> Self {
        func moved(_ hop: NextHop) -> NextHop {
            var hop = hop
            if hop.link == old { hop.link = new }
            return hop
        }
        var route = self
        switch path {
        case .hop(let hop): route.path = .hop(moved(hop))
        case .hops(let hops): route.path = .hops(hops.map(moved))
        case .none, .object: break
        }
        return route
    }
}
