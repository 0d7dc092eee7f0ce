internal import IPAMCore
internal import NetlinkKit

extension CoordinationPlanner {
    /// The Pod's links and their settings (coordinator.md 7.3, 7.4, 7.6, 7.7).
    mutating func planLinks() throws(CoordinationError) {
        let inner = placement.nodeFacing
        if placement.isUnderlay {
            if inner?.isUp != true { ask(.setLink(.pod, nodeFacing.index, LinkSettings(isUp: true))) }
            planAuxiliaryAddress()
        }
        try planInterface()
        planSysctls()
    }

    private mutating func planAuxiliaryAddress() {
        guard placement.isFirst, let address = settings.vethAddress,
            placement.families.contains(address.family),
            !pod.addresses.contains(where: { $0.link == nodeFacing.index && $0.address == address })
        else { return }
        let wanted = LinkAddress(
            address, prefixLength: address.family.bitWidth, on: nodeFacing.index,
            flags: address.family == .ipv6 ? .noDuplicateDetection : [])
        if let wanted { ask(.addAddress(wanted)) }
        if !address.isLinkLocal {
            warn("vethLinkAddress \(address) is not link-local: nothing else may use it")
        }
    }

    private mutating func planInterface() throws(CoordinationError) {
        let link = placement.link
        var change = LinkSettings(isUp: link.isUp ? nil : true)
        if let prefix = settings.macPrefix, let address = prefix.address(for: placement.addresses[0]) {
            guard link.kind != .ipvlan else {
                throw CoordinationError(
                    .settings, "podMACPrefix is not supported on ipvlan",
                    detail: "\(link.name) shares the hardware address of its parent; "
                        + "leave podMACPrefix out or use macvlan")
            }
            plan.interfaceAddress = address
            if link.address != address { change.address = address }
        }
        if let length = settings.transmitQueueLength, length != link.transmitQueueLength {
            change.transmitQueueLength = length
        }
        if change != LinkSettings() { ask(.setLink(.pod, link.index, change)) }
    }

    /// Neighbours learn a new hardware address when everything else is done (7.5).
    mutating func planAnnouncement() {
        guard let address = plan.interfaceAddress, address != placement.link.address else { return }
        ask(.announce(placement.link.index, placement.addresses, address))
    }

    private mutating func planSysctls() {
        if placement.families.contains(.ipv6), pod.disablesIPv6 {
            ask(.setSysctl(.pod, SysctlSetting(.ipv6(.disable, of: .all), 0)))
        }
        guard let wanted = settings.reversePathFilter else { return }
        var scopes: [LinkScope] = [.all, .default]
        if placement.isFirst {
            scopes += pod.links.compactMap { InterfaceName($0.name).map(LinkScope.link) }
        } else {
            scopes += [placement.link, placement.nodeFacing].compactMap { $0 }
                .compactMap { InterfaceName($0.name).map(LinkScope.link) }
        }
        for scope in scopes where pod.reversePathFilters[scope].map({ $0 != wanted }) ?? false {
            ask(.setSysctl(.pod, SysctlSetting(.ipv4(.reversePathFilter, of: scope), wanted)))
        }
        // The new link takes over what the default was when it was made.
        if let pair, pod.reversePathFilters[.default] != wanted {
            ask(.setSysctl(.pod, SysctlSetting(.ipv4(.reversePathFilter, of: .link(pair.podName)), wanted)))
        }
    }
}
