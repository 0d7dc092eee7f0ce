public import IPAMCore

/// The pools that an annotation names for one interface.
public struct InterfacePools: Sendable, Hashable {
    /// The name of the interface; `nil` when the annotation does not say.
    public let interface: String?
    /// Names and patterns by family, as written.
    public let names: [AddressFamily: [String]]
    /// Whether the gateway is known to the interface but not routed to; `nil` when the annotation cannot say.
    public let cleanGateway: Bool?
    /// Keys that mean nothing: most likely misspelt ones.
    public let unknownKeys: [String]

    /// Makes an item.
    public init(
        interface: String? = nil, names: [AddressFamily: [String]], cleanGateway: Bool? = nil,
        unknownKeys: [String] = []
    ) {
        self.interface = interface
        self.names = names
        self.cleanGateway = cleanGateway
        self.unknownKeys = unknownKeys
    }
}
