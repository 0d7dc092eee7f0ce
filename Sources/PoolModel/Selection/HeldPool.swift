public import IPAMCore

/// A pool that an identity holds an address of.
public struct HeldPool: Sendable, Hashable {
    /// The interface that has the address.
    public let interface: String
    /// The family of the address.
    public let family: AddressFamily
    /// The pool's name.
    public let pool: String

    /// Makes an entry.
    public init(interface: String, family: AddressFamily, pool: String) {
        self.interface = interface
        self.family = family
        self.pool = pool
    }
}
