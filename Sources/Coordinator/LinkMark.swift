internal import IPAMCore
public import NetlinkKit

/// What is written into the alias of a link (`IFLA_IFALIAS`), so that later calls know it again.
///
/// | link | text |
/// |---|---|
/// | the node's end of the auxiliary pair | `spiderpool:<container ID>:<interface>:<network>` |
/// | the node's end of an overlay Pod's first interface, when it had none | the same |
/// | an interface of a Pod with a table of its own | `spiderpool:table=<number>` |
/// | the one that an overlay Pod got first | the same with `,first` behind it |
public enum LinkMark: Sendable, Hashable {
    /// The node's end of the auxiliary pair of an interface.
    case pair(containerID: String, interface: String, network: String)
    /// An interface in a Pod.
    case interface(table: RouteTable?, isFirst: Bool)

    private static let prefix = "spiderpool:"

    /// The mark of the pair that is made with an interface.
    ///
    /// - Parameter subject: The interface.
    public init(_ subject: CoordinationSubject) {
        // The kernel takes 255 bytes; what is cut off is beyond what any runtime uses.
        self = .pair(
            containerID: String(subject.containerID.prefix(120)), interface: subject.interface.text,
            network: Self.shortened(network: subject.network))
    }

    /// The name of a network as marks have it.
    static func shortened(network: String) -> String { String(network.prefix(100)) }

    /// Reads the alias of a link.
    ///
    /// - Parameter alias: The alias; `nil` comes back for what is not ours.
    public init?(alias: String) {
        guard alias.hasPrefix(Self.prefix) else { return nil }
        let rest = alias.dropFirst(Self.prefix.count)
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 3 {
            self = .pair(containerID: parts[0], interface: parts[1], network: parts[2])
            return
        }
        var table: RouteTable?
        var isFirst = false
        for item in rest.split(separator: ",", omittingEmptySubsequences: false) {
            if item == "first" {
                isFirst = true
            } else if item.hasPrefix("table="), let number = UInt32(item.dropFirst(6)), number > 0 {
                table = RouteTable(rawValue: number)
            } else {
                return nil
            }
        }
        self = .interface(table: table, isFirst: isFirst)
    }

    /// The text of the alias; empty for an interface of which nothing has to be known.
    public var alias: String {
        switch self {
        case .pair(let containerID, let interface, let network):
            return "\(Self.prefix)\(containerID):\(interface):\(network)"
        case .interface(let table, let isFirst):
            let items = [table.map { "table=\($0.rawValue)" }, isFirst ? "first" : nil].compactMap { $0 }
            return items.isEmpty ? "" : Self.prefix + items.joined(separator: ",")
        }
    }
}
