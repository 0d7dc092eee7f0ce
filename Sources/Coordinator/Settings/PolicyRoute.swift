public import IPAMCore

/// A route that an administrator wants on the interface that is coordinated (`policyRoutes`).
public struct PolicyRoute: Sendable, Hashable {
    /// Which packets.
    public let destination: CIDR
    /// The router that takes them, of the same family.
    public let gateway: IPAddress

    /// Makes a route; `nil` when the two are of different families.
    ///
    /// - Parameters:
    ///   - destination: Which packets.
    ///   - gateway: The router that takes them.
    public init?(to destination: CIDR, via gateway: IPAddress) {
        guard destination.family == gateway.family else { return nil }
        self.destination = destination
        self.gateway = gateway
    }
}
