public import NetlinkKit

/// A link of another network namespace that is on a link of the node: the interface of a Pod, most of the time.
public struct DeviceUser: Sendable, Hashable {
    /// The link of the node that it is on.
    public let parent: LinkIndex
    /// Its name, and the namespace that it is in.
    public let words: String

    /// Describes a user.
    ///
    /// - Parameters:
    ///   - parent: The link of the node that it is on.
    ///   - words: Its name, and the namespace that it is in.
    public init(parent: LinkIndex, words: String) {
        self.parent = parent
        self.words = words
    }
}

/// A device that was made here, and what needs it.
public struct MadeDevice: Sendable, Hashable {
    /// The link.
    public let link: Link
    /// What needs it, in words; empty when nothing does.
    public let uses: [String]
}

extension DeviceState {
    /// The devices that carry the mark, each with what needs it: the last made first, so that a VLAN comes before its bond.
    public var madeDevices: [MadeDevice] {
        let marked = links.filter { $0.alias == Self.mark && ($0.kind == .bond || $0.kind == .vlan) }
        return marked.sorted { $0.index > $1.index }.map { MadeDevice(link: $0, uses: uses(of: $0)) }
    }

    /// The devices that carry the mark and that nothing needs, or only others that are removed before, in the order in which
    /// they have to be removed.
    public var unusedDevices: [Link] {
        var rest = self
        var unused: [Link] = []
        while let device = rest.madeDevices.first(where: \.uses.isEmpty) {
            unused.append(device.link)
            rest.links.removeAll { $0.index == device.link.index }
        }
        return unused
    }

    private func uses(of link: Link) -> [String] {
        var uses = children(of: link).map { "\($0.name) is on it" }
        uses += users.filter { $0.parent == link.index }.map { "\($0.words) is on it" }
        if let master = link.master { uses.append("it is in \(name(of: master))") }
        uses += givenAddresses(of: link.index).map { "it has the address \($0)" }
        uses += addedRoutes(over: link.index).map { "the route \($0.destination) leads over it" }
        return uses
    }
}
