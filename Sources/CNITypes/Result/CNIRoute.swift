public import IPAMCore
public import JSONTree

/// A route of a result.
public struct CNIRoute: Sendable, Equatable {
    /// Where the route leads; host bits of the text are dropped.
    public var destination: CIDR

    /// The next hop; without one, the gateway of the address of the same family.
    public var gateway: IPAddress?

    /// MTU of the route in bytes (since 1.1.0).
    public var mtuBytes: UInt32?

    /// Maximum segment size that is advertised, in bytes (since 1.1.0).
    public var advertisedMSSBytes: UInt32?

    /// Priority, also known as metric; lower wins (since 1.1.0).
    public var priority: UInt32?

    /// Number of the routing table (since 1.1.0).
    public var table: UInt32?

    /// Scope: 0 global, 253 link, 254 host (since 1.1.0).
    public var scope: UInt32?

    /// Members that the protocol does not define.
    public var extensions: JSONObject

    /// Makes a route.
    public init(
        _ destination: CIDR, gateway: IPAddress? = nil, mtuBytes: UInt32? = nil, advertisedMSSBytes: UInt32? = nil,
        priority: UInt32? = nil, table: UInt32? = nil, scope: UInt32? = nil, extensions: JSONObject = [:]
    ) {
        self.destination = destination
        self.gateway = gateway
        self.mtuBytes = mtuBytes
        self.advertisedMSSBytes = advertisedMSSBytes
        self.priority = priority
        self.table = table
        self.scope = scope
        self.extensions = extensions
    }
}

extension CNIRoute {
    init(_ reader: JSONFieldReader, _ version: CNIVersion) throws(JSONFieldError) {
        let expected = "a destination with a prefix length, such as 10.0.0.0/8"
        var known = ["dst", "gw"]
        let destination = try reader.parsed(at: "dst", expected: expected) { try? CIDR(lenientParsing: $0) }
        self.init(
            try reader.required("dst", destination, expected: expected), gateway: try reader.address(at: "gw"))
        if version.hasExtendedMembers {
            known += ["mtu", "advmss", "priority", "table", "scope"]
            mtuBytes = try reader.unsigned(at: "mtu")
            advertisedMSSBytes = try reader.unsigned(at: "advmss")
            priority = try reader.unsigned(at: "priority")
            table = try reader.unsigned(at: "table")
            scope = try reader.unsigned(at: "scope")
        }
        extensions = reader.extensions(except: known)
    }

    func json(_ version: CNIVersion) -> JSONValue {
        var object: JSONObject = ["dst": .string(destination.description)]
        object.setText("gw", gateway?.description)
        if version.hasExtendedMembers {
            object.setNumber("mtu", mtuBytes)
            object.setNumber("advmss", advertisedMSSBytes)
            object.setNumber("priority", priority)
            object.setNumber("table", table)
            object.setNumber("scope", scope)
        }
        return .object(object.adding(extensions))
    }
}
