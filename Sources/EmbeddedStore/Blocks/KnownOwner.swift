internal import IPAMEngine

/// What a transaction has found out about one owner: a UID or a container, with an interface.
struct KnownOwner {
    let owner: String
    let interface: String
    /// The blocks with a claim of the owner, none twice.
    let blocks: [StoredBlock]
}
