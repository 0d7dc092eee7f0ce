public import IPAMCore

/// An address that an identity holds.
public struct HeldAddress: Sendable, Hashable {
    /// The interface that has the address.
    public let interface: String
    /// The address.
    public let address: IPAddress
    /// The name of its pool.
    public let pool: String

    /// Makes an entry.
    public init(interface: String, address: IPAddress, pool: String) {
        self.interface = interface
        self.address = address
        self.pool = pool
    }
}
