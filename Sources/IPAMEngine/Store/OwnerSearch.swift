public import IPAMCore

/// What the claims on one interface are found by: the identity of a workload, its sandbox, or either of the two.
///
/// An object, since many go into one question and none ever changes.
public final class OwnerSearch: Sendable {
    /// UID of the owner, or `nil` when that does not matter.
    public let uid: String?
    /// The sandbox, or `nil` when that does not matter.
    public let containerID: String?
    /// Interface name inside the container.
    public let interface: String

    /// What a store in memory looks the UID and the sandbox up by; equal where there is one to look up.
    let hashes: (identity: OwnerHash, attachment: OwnerHash)

    /// Looks for what an identity owns.
    public init(_ identity: Claim.Identity) {
        (uid, containerID, interface) = (identity.uid, nil, identity.interface)
        let hash = OwnerHash(identity.uid, identity.interface)
        hashes = (hash, hash)
    }

    /// Looks for what an attachment owns.
    public init(_ attachment: Claim.Attachment) {
        (uid, containerID, interface) = (nil, attachment.containerID, attachment.interface)
        let hash = OwnerHash(attachment.containerID, attachment.interface)
        hashes = (hash, hash)
    }

    /// Looks for what the identity or the attachment of a holder owns.
    init(_ holder: Claim.Holder, uid: String, containerID: String, interface: String) {
        (self.uid, self.containerID, self.interface) = (uid, containerID, interface)
        hashes = (holder.identityHash, holder.attachmentHash)
    }

    /// The UID and the sandbox, as far as they matter, none twice.
    public var names: [String] {
        guard let uid else { return containerID.map { [$0] } ?? [] }
        guard let containerID, containerID != uid else { return [uid] }
        return [uid, containerID]
    }

    /// Whether a claim is one of those.
    public func finds(_ claim: Claim) -> Bool { finds(claim.holder) }

    /// Whether a claim of this holder is one of those.
    func finds(_ holder: Claim.Holder) -> Bool { isIdentity(of: holder) || isAttachment(of: holder) }

    /// Whether the UID that is looked for owns it.
    func isIdentity(of holder: Claim.Holder) -> Bool {
        guard let uid, hashes.identity == holder.identityHash else { return false }
        return holder.isOf(uid: uid, interface)
    }

    /// Whether the sandbox that is looked for has it.
    func isAttachment(of holder: Claim.Holder) -> Bool {
        guard let containerID, hashes.attachment == holder.attachmentHash else { return false }
        return holder.isOf(containerID: containerID, interface)
    }

    /// Hands each number to look up to `body`, none twice.
    func forEachHash(_ body: (OwnerHash) -> Void) {
        body(hashes.identity)
        if hashes.attachment != hashes.identity { body(hashes.attachment) }
    }
}
