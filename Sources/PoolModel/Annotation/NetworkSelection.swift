public import IPAMCore

/// One network that a Pod is attached to, as Multus' annotations name it.
public struct NetworkSelection: Sendable, Hashable {
    /// The name of the network object.
    public let name: String
    /// Its namespace; `nil` when the annotation leaves it to the reader.
    public let namespace: String?
    /// The interface that is asked for; `nil` when Multus is to number it.
    public let interface: String?
    /// The addresses that are asked for, each with or without a prefix length, as written.
    public let addresses: [String]
    /// The hardware address that is asked for.
    public let hardwareAddress: MACAddress?

    /// Makes a selection.
    public init(
        name: String, namespace: String? = nil, interface: String? = nil, addresses: [String] = [],
        hardwareAddress: MACAddress? = nil
    ) {
        self.name = name
        self.namespace = namespace
        self.interface = interface
        self.addresses = addresses
        self.hardwareAddress = hardwareAddress
    }

    /// The network object, its namespace completed.
    public func attachment(in home: String?) -> NetworkAttachment {
        NetworkAttachment(namespace: namespace ?? home, name: name)
    }
}
