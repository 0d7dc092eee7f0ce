public import IPAMCore
public import JSONTree

/// An address of a result.
public struct CNIAddress: Sendable, Equatable {
    /// The address with the length of its network's prefix.
    public var address: InterfaceAddress

    /// The gateway of the network, if there is one.
    public var gateway: IPAddress?

    /// Index in ``CNIResult/interfaces`` of the interface that carries the address; `nil` when not told.
    public var interface: Int?

    /// Members that the protocol does not define.
    public var extensions: JSONObject

    /// Makes an address.
    public init(
        _ address: InterfaceAddress, gateway: IPAddress? = nil, interface: Int? = nil, extensions: JSONObject = [:]
    ) {
        self.address = address
        self.gateway = gateway
        self.interface = interface
        self.extensions = extensions
    }
}

extension CNIAddress {
    init(_ reader: JSONFieldReader, _ version: CNIVersion) throws(JSONFieldError) {
        let expected = "an address with a prefix length, such as 172.22.4.10/16"
        var known = ["address", "gateway", "interface"]
        let address = try reader.parsed(at: "address", expected: expected) { InterfaceAddress($0) }
        self.init(
            try reader.required("address", address, expected: expected), gateway: try reader.address(at: "gateway"),
            interface: try reader.integer(at: "interface", in: 0...Int64(Int32.max)).map { Int($0) })
        if version.writesAddressFamily {
            known.append("version")
            let family = self.address.family.rawValue
            let rule = "\"\(family)\", the family of \(self.address)"
            _ = try reader.parsed(at: "version", expected: rule) { $0 == String(family) ? true : nil }
        }
        extensions = reader.extensions(except: known)
    }

    func json(_ version: CNIVersion) -> JSONValue {
        var object: JSONObject = [:]
        if version.writesAddressFamily { object.set("version", .string(String(address.family.rawValue))) }
        object.setNumber("interface", interface)
        object.set("address", .string(address.description))
        object.setText("gateway", gateway?.description)
        return .object(object.adding(extensions))
    }
}
