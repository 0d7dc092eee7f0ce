/// Which workloads an entry of a ``WorkloadFile`` is about: one of three ways to recognise them.
public enum WorkloadMatch: Sendable, Hashable {
    /// By the container's ID, or the beginning of it of at least ``minimumPrefix`` characters.
    case containerID(String)
    /// By the Pod's name, in one namespace or in any.
    case pod(namespace: String?, name: String)
    /// By the name that the caller gives as an argument, in one CNI network or in any.
    case name(String, network: String?)

    /// The least number of characters of a container ID that are enough: as many as tools show.
    public static let minimumPrefix = 12

    /// Whether the key is meant.
    public func matches(_ key: WorkloadKey) -> Bool {
        switch self {
        case .containerID(let id): id.utf8.count >= Self.minimumPrefix && key.containerID.hasPrefix(id)
        case .pod(let namespace, let name):
            key.podName == name && (namespace == nil || key.podNamespace == namespace)
        case .name(let name, let network): key.name == name && (network == nil || key.network == network)
        }
    }

    /// Of several entries that match, the one with the larger number counts; of equal ones the first.
    var precision: Int {
        switch self {
        case .containerID(let id): 4 + id.utf8.count
        case .pod(.some, _): 4
        case .pod(nil, _): 3
        case .name(_, .some): 2
        case .name(_, nil): 1
        }
    }
}
