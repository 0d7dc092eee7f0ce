public import IPAMCore
public import JSONTree
internal import NetlinkKit

/// What has to be done so that a Pod's interfaces are coordinated: a value, computed from what was observed; empty when
/// everything is as it should be.
public struct CoordinationPlan: Sendable, Hashable {
    /// The changes in their order.
    public internal(set) var operations: [CoordinationOperation] = []
    /// What an administrator should know, in words.
    public internal(set) var warnings: [String] = []
    /// The hardware address that the interface has afterwards; `nil` when it keeps the one that it has.
    public internal(set) var interfaceAddress: MACAddress?
    /// The names of links, for printing.
    var names: [CoordinationOperation.Side: [LinkIndex: String]] = [:]

    /// Whether there is nothing to do.
    public var isEmpty: Bool { operations.isEmpty }

    /// The operations for people and programs: an array of objects with `at`, `do` and `what`, in the words of `ip`.
    public var json: JSONValue {
        .array(
            operations.map { operation in
                let words = words(operation)
                return [
                    "at": .string(operation.side.rawValue), "do": .string(words.verb), "what": .string(words.object),
                ]
            })
    }

    /// One operation in words.
    func description(of operation: CoordinationOperation) -> String {
        let words = words(operation)
        return "\(words.verb) \(words.object) (\(operation.side.rawValue))"
    }

    private func name(_ side: CoordinationOperation.Side, _ link: LinkIndex) -> String {
        names[side]?[link] ?? "\(link)"
    }

    private func words(_ operation: CoordinationOperation) -> (verb: String, object: String) {
        switch operation {
        case .addPair(let pair):
            return (
                "add link",
                "\(pair.nodeName) address \(pair.nodeAddress) mtu \(pair.mtuBytes) type veth peer name \(pair.podName) "
                    + "address \(pair.podAddress) in the Pod"
            )
        case .setLink(let side, let link, let settings): return ("set link", "\(name(side, link)) \(settings.words)")
        case .removeLink(let side, let link): return ("remove link", name(side, link))
        case .addAddress(let address): return ("add address", "\(address) dev \(name(.pod, address.link))")
        case .removeAddress(let address): return ("remove address", "\(address) dev \(name(.pod, address.link))")
        case .setSysctl(_, let setting): return ("write sysctl", "\(setting)")
        case .addRoute(let side, let route): return ("add route", route.description { name(side, $0) })
        case .replaceRoute(let side, let route): return ("replace route", route.description { name(side, $0) })
        case .prependRoute(let route): return ("prepend route", route.description { name(.pod, $0) })
        case .removeRoute(let side, let route): return ("remove route", route.description { name(side, $0) })
        case .clearRoutes(let prefix, let table): return ("clear routes", "to \(prefix) table \(table)")
        case .addRule(_, let rule): return ("add rule", words(rule))
        case .removeRule(_, let rule): return ("remove rule", words(rule))
        case .setNeighbor(let side, let neighbor): return ("set neighbour", words(neighbor, side))
        case .removeNeighbor(let side, let neighbor): return ("remove neighbour", words(neighbor, side))
        case .mark(let families):
            return ("mark", "answers to what came in by \(CoordinationPlacement.auxiliaryName), \(list(families))")
        case .unmark(let families): return ("unmark", list(families))
        case .announce(let link, let addresses, let mac):
            let list = addresses.map(\.description).joined(separator: ", ")
            return ("announce", "\(list) at \(mac) dev \(name(.pod, link))")
        }
    }

    private func list(_ families: [AddressFamily]) -> String {
        families.map(\.description).joined(separator: " and ")
    }

    /// Rules for all packets look alike in both families.
    private func words(_ rule: Rule) -> String { rule.source == nil ? "\(rule) (\(rule.family))" : "\(rule)" }

    private func words(_ neighbor: Neighbor, _ side: CoordinationOperation.Side) -> String {
        let hardware = neighbor.hardwareAddress.map { " lladdr \($0)" } ?? ""
        return "\(neighbor.address) dev \(name(side, neighbor.link))\(hardware)"
    }
}

extension CoordinationPlan: CustomStringConvertible {
    /// The operations, one a line.
    public var description: String { operations.map { description(of: $0) }.joined(separator: "\n") }
}

extension LinkSettings {
    fileprivate var words: String {
        let items: [String?] = [
            address.map { "address \($0)" }, mtuBytes.map { "mtu \($0)" },
            transmitQueueLength.map { "txqueuelen \($0)" }, alias.map { "alias \"\($0)\"" },
            isUp.map { $0 ? "up" : "down" },
        ]
        return items.compactMap { $0 }.joined(separator: " ")
    }
}
