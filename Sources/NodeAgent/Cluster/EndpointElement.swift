internal import IPAMCore
internal import JSONTree
internal import PoolModel

/// What a SpiderEndpoint says about one interface: an element of `status.current.ips` (crds.md §5).
struct EndpointElement: Sendable, Equatable {
    /// An address of the interface.
    struct Address: Sendable, Equatable {
        let address: IPAddress
        let prefixLength: Int
        let pool: String
        let gateway: IPAddress?
    }

    let interface: String
    /// At most one of each family, IPv4 first.
    let addresses: [Address]
    let routes: [PoolRoute]
    let cleanGateway: Bool

    var json: JSONValue {
        var object: JSONObject = ["interface": .string(interface)]
        for entry in addresses {
            let family = entry.address.family == .ipv4 ? "ipv4" : "ipv6"
            object[family] = .string("\(entry.address)/\(entry.prefixLength)")
            object["\(family)Pool"] = .string(entry.pool)
            if let gateway = entry.gateway { object["\(family)Gateway"] = .string("\(gateway)") }
        }
        object["vlan"] = 0
        // It says that a default route was left out; without a gateway there is none to leave out.
        if cleanGateway, addresses.contains(where: { $0.gateway != nil }) { object["cleanGateway"] = true }
        if !routes.isEmpty {
            object["routes"] = .array(
                routes.map { ["dst": .string("\($0.destination)"), "gw": .string("\($0.gateway)")] })
        }
        return .object(object)
    }

    /// A stored element as an answer to `GET /v1/workloadendpoint`, where what is empty is left out.
    static func detail(_ element: JSONValue) -> JSONValue {
        var value = element
        if value["vlan"]?.int64Value == 0 { value["vlan"] = nil }
        value["cleanGateway"] = nil
        return value
    }

    /// The interface of a stored element.
    static func interface(of element: JSONValue) -> String { element["interface"]?.stringValue ?? "" }

    /// The addresses of a stored element, as hints.
    static func addresses(of element: JSONValue) -> [IPAddress] {
        ["ipv4", "ipv6"].compactMap { family in
            element[family]?.stringValue.flatMap { text in
                IPAddress(String(text.prefix { $0 != "/" }))
            }
        }
    }
}

extension String {
    /// Whether an interface of this name is told before another: `eth0` first, then by name.
    func isInterface(before other: String) -> Bool {
        if (self == "eth0") != (other == "eth0") { return self == "eth0" }
        return self < other
    }
}
