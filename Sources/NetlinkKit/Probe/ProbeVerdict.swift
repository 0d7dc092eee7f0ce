public import IPAMCore

/// What a probe found out about an address.
public enum ProbeVerdict: Sendable, Hashable {
    /// Nobody claimed the address; no gateway was asked.
    case free
    /// Somebody uses the address, or is about to.
    case conflict(Holder)
    /// The address is free as far as that was asked, and the gateway answered from this hardware address.
    case reachable(MACAddress)
    /// The address is free as far as that was asked, and the gateway did not answer.
    case unreachable

    /// Who uses an address.
    public enum Holder: Sendable, Hashable {
        /// The node that probes, on one of its own links.
        case node
        /// A station on the link.
        case neighbor(MACAddress)
    }
}

extension ProbeVerdict.Holder: CustomStringConvertible {
    /// `this node`, or the hardware address.
    public var description: String {
        switch self {
        case .node: "this node"
        case .neighbor(let mac): "\(mac)"
        }
    }
}
