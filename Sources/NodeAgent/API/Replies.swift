public import IPAMCore
internal import JSONTree

/// `IpConfig`: an address that was given.
public struct GivenAddress: Sendable, Hashable {
    /// The address.
    public var address: IPAddress
    /// Length of the prefix of its network.
    public var prefixLength: Int
    /// The interface that it is for.
    public var interface: String
    /// Its pool.
    public var pool: String
    /// The gateway of the pool.
    public var gateway: IPAddress?
    /// VLAN of the interface; 0 without one.
    public var vlan = 0
    /// Hardware address of the interface, where a provider decides it.
    public var mac: MACAddress?
    /// Whether the plugin makes sure that the gateway answers.
    public var detectsGateway = false
    /// Whether the plugin makes sure that nobody else uses the address.
    public var detectsConflict = false

    /// Makes an address; the rest is set afterwards.
    public init(
        _ address: IPAddress, prefixLength: Int, interface: String, pool: String = "", gateway: IPAddress? = nil
    ) {
        self.address = address
        self.prefixLength = prefixLength
        self.interface = interface
        self.pool = pool
        self.gateway = gateway
    }

    var json: JSONValue {
        var object: JSONObject = [
            "version": .integer(address.family.rawValue), "address": .string("\(address)/\(prefixLength)"),
            "nic": .string(interface),
        ]
        if let gateway { object["gateway"] = .string("\(gateway)") }
        if !pool.isEmpty { object["ipPool"] = .string(pool) }
        if vlan != 0 { object["vlan"] = .integer(vlan) }
        if let mac { object["mac"] = .string("\(mac)") }
        if detectsGateway { object["enableGatewayDetection"] = true }
        if detectsConflict { object["enableIPConflictDetection"] = true }
        return .object(object)
    }
}

/// `Route`: a route of an interface.
public struct GivenRoute: Sendable, Hashable {
    /// The interface.
    public var interface: String
    /// Where the route leads.
    public var destination: CIDR
    /// The next hop.
    public var gateway: IPAddress

    /// Makes a route.
    public init(interface: String, destination: CIDR, gateway: IPAddress) {
        self.interface = interface
        self.destination = destination
        self.gateway = gateway
    }

    var json: JSONValue {
        ["ifName": .string(interface), "dst": .string("\(destination)"), "gw": .string("\(gateway)")]
    }
}

/// `IpamAddResponse`.
public struct AddReply: Sendable, Hashable {
    /// The addresses, IPv4 first.
    public var addresses: [GivenAddress]
    /// The routes.
    public var routes: [GivenRoute]

    /// Makes a reply.
    public init(_ addresses: [GivenAddress], routes: [GivenRoute] = []) {
        self.addresses = addresses
        self.routes = routes
    }

    var json: JSONValue {
        var object: JSONObject = ["ips": .array(addresses.map(\.json))]
        if !routes.isEmpty { object["routes"] = .array(routes.map(\.json)) }
        return .object(object)
    }
}

/// What CHECK is told.
public struct CheckReply: Sendable, Hashable {
    /// What the container owns on the interface.
    public var addresses: [GivenAddress]
    /// Those asked about which no pool declares, so that nobody here can say whose they are.
    public var foreign: [IPAddress]

    /// Makes a reply.
    public init(_ addresses: [GivenAddress], foreign: [IPAddress] = []) {
        self.addresses = addresses
        self.foreign = foreign
    }

    var json: JSONValue {
        ["ips": .array(addresses.map(\.json)), "foreign": .strings(foreign.map(\.description))]
    }
}

/// What GC is told.
public struct GarbageReply: Sendable, Hashable {
    /// The claims that were given back.
    public var released: [Claim]

    /// Makes a reply.
    public init(released: [Claim]) { self.released = released }

    var json: JSONValue {
        let list = released.map { claim -> JSONValue in
            [
                "address": .string("\(claim.address)"), "containerID": .string(claim.containerID),
                "ifName": .string(claim.interface),
            ]
        }
        return ["released": .array(list)]
    }
}
