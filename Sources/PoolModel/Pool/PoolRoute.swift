public import IPAMCore

/// A route of an interface.
public struct PoolRoute: Sendable, Hashable {
    /// Where it leads.
    public let destination: CIDR
    /// The next hop.
    public let gateway: IPAddress

    /// Makes a route.
    public init(destination: CIDR, gateway: IPAddress) {
        self.destination = destination
        self.gateway = gateway
    }
}

extension PoolRoute: CustomStringConvertible {
    /// `destination via gateway`.
    public var description: String { "\(destination) via \(gateway)" }
}
