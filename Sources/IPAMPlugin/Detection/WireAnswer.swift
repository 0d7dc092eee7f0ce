/// What was found out about a ``WireQuestion``.
public enum WireAnswer: Sendable, Hashable {
    /// A finding for each target, in their order.
    case findings([Finding])
    /// There is nothing to ask on, for this reason: the link is made later, or carries no Ethernet.
    case notAsked(String)

    /// What was found out about one target.
    public enum Finding: Sendable, Hashable {
        /// Nobody uses the address, and its gateway answers, as far as that was to be found out.
        case free
        /// The link has the address already, so nothing was asked about it.
        case configured
        /// Somebody uses the address.
        case used(AddressUser)
        /// The address is free, and its gateway does not answer.
        case unreachable
    }
}
