public import IPAMCore

/// The link that a probe sends and listens on, and what is known about its surroundings.
public struct ProbeLink: Sendable, Hashable {
    /// The link, in the namespace of the thread that probes.
    public var index: LinkIndex
    /// Its hardware address.
    public var mac: MACAddress
    /// Addresses that the node itself has and that the link may not reach.
    public var nodeAddresses: Set<IPAddress>

    /// Makes a link.
    ///
    /// - Parameters:
    ///   - index: The link.
    ///   - mac: Its hardware address.
    ///   - nodeAddresses: Addresses that the node itself has.
    public init(_ index: LinkIndex, mac: MACAddress, nodeAddresses: Set<IPAddress> = []) {
        self.index = index
        self.mac = mac
        self.nodeAddresses = nodeAddresses
    }
}
