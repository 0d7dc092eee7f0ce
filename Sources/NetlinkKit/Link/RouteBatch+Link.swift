internal import IPAMCore

extension RouteBatch {
    /// Makes a link: `ip link add NAME type KIND …`.
    public mutating func add(_ link: LinkSpecification) {
        append("add \(link.variant.kind) link \(link.name)", .newLink, [.create, .exclusive]) { writer in
            link.settings.write(to: &writer, index: link.index)
            writer.attribute(IFLA.name, link.name.text)
            link.variant.write(to: &writer)
        }
    }

    /// Changes a link: `ip link set dev NAME …`.
    ///
    /// - Parameters:
    ///   - link: Which one.
    ///   - change: What to change.
    public mutating func update(_ link: LinkIndex, _ change: LinkChange) {
        // Only RTM_NEWLINK takes options of a kind.
        append("update link \(link)", change.bondOptions == nil ? .setLink : .newLink) { writer in
            change.settings.write(to: &writer, index: link)
            if let name = change.name { writer.attribute(IFLA.name, name.text) }
            guard let options = change.bondOptions else { return }
            writer.nested(IFLA.info) { writer in
                writer.attribute(IFLAInfo.kind, LinkKind.bond.rawValue)
                writer.nested(IFLAInfo.data) { options.write(to: &$0) }
            }
        }
    }

    /// Changes a link: `ip link set dev NAME up`, `mtu`, `address`, `master` and so on.
    ///
    /// - Parameters:
    ///   - link: Which one.
    ///   - settings: What to set.
    public mutating func update(_ link: LinkIndex, _ settings: LinkSettings) {
        update(link, LinkChange(settings: settings))
    }

    /// Removes a link: `ip link delete dev NAME`.
    public mutating func remove(_ link: LinkIndex) {
        append("remove link \(link)", .deleteLink) { $0.linkHeader(index: link.rawValue) }
    }
}
