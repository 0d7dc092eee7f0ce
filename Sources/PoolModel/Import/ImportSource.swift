/// A program whose records can be adopted.
public enum ImportSource: String, Sendable, Hashable, CaseIterable {
    /// The CNI plugin that keeps one file for each address in a folder of the host.
    case hostLocal = "host-local"
    /// The CNI plugin that keeps `IPPool` objects of its own.
    case whereabouts
    /// The controller whose pools list their allocations in `status.allocatedIPs`.
    case spiderpool

    /// Whether the records are of containers of this host alone, which end with its next start.
    ///
    /// Objects of a cluster also name Pods of other nodes, and say nothing about when this host started.
    public var endsWithReboot: Bool { self == .hostLocal }
}
