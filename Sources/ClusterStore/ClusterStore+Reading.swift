internal import ClusterBlocks
public import IPAMCore
internal import KubeClient

/// What is known, and what can be read without a request.
extension ClusterStore {
    /// The known claims of this node that a UID owns.
    public func claims(ownedBy uid: String) -> [Claim] { claims.filter { $0.owner.uid == uid } }

    /// The known claims of this node that a sandbox has on an interface.
    public func claims(of attachment: Claim.Attachment) -> [Claim] { claims.filter { $0.attachment == attachment } }

    /// Reads the blocks of some addresses as they are now.
    ///
    /// - Parameters:
    ///   - addresses: The addresses.
    ///   - deadline: When to give up.
    /// - Returns: all claims in these blocks; what cannot be read now is left out.
    public func read(_ addresses: [IPAddress], deadline: MonotonicInstant) async -> [Claim] {
        let keys = Set(addresses.map { BlockKey(containing: $0) }).sorted()
        guard !keys.isEmpty else { return [] }
        return await client.perform(keys.map { .read($0) }, deadline: deadline).results.flatMap { result in
            if case .found(let object) = result { return object.block.claims }
            return []
        }
    }
}
