public import IPAMCore

/// An address in use, as another program has recorded it.
public struct ImportedClaim: Sendable, Hashable {
    /// The address.
    public var address: IPAddress
    /// Who uses it. Where no UID is recorded it is the container ID, as for containers without Kubernetes.
    public var owner: Claim.Owner
    /// The container. Where none is recorded it is the UID, so that a DEL for it can be made by hand.
    public var containerID: String
    /// The interface inside the container; `nil` when it is not recorded.
    public var interface: String?
    /// The pool that the record names; `nil` when it names none.
    public var pool: String?
    /// The CNI network; empty when it is not recorded.
    public var network: String
    /// The node; empty when it is not recorded.
    public var node: String
    /// The file that holds the record.
    public var file: String
    /// The whole claim where the record is a ``SpiderIPBlock``, which is adopted as it is; otherwise `nil`.
    public internal(set) var claim: Claim?

    /// Makes a record.
    public init(
        address: IPAddress, owner: Claim.Owner, containerID: String, interface: String?, pool: String? = nil,
        network: String = "", node: String = "", file: String
    ) {
        self.address = address
        self.owner = owner
        self.containerID = containerID
        self.interface = interface
        self.pool = pool
        self.network = network
        self.node = node
        self.file = file
    }

    /// Makes a record of a claim that is to be adopted as it is.
    init(_ claim: Claim, file: String) {
        self.init(
            address: claim.address, owner: claim.owner, containerID: claim.containerID, interface: claim.interface,
            pool: claim.pool, network: claim.network, node: claim.node, file: file)
        self.claim = claim
    }

    /// Whether both are of one container; those that have none are not.
    func hasContainer(_ other: String) -> Bool { !containerID.isEmpty && containerID == other }
}
