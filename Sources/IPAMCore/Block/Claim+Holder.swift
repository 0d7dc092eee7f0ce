extension Claim {
    /// Everything that a request says about all of its claims: nine texts that nearly never change.
    ///
    /// An object and not a value: a claim is copied several times on its way into a block.
    package final class Holder: Sendable, Hashable {
        fileprivate let values: Values
        /// What the identity is looked up by.
        package let identityHash: OwnerHash
        /// What the attachment is looked up by; the same number where the UID is the container ID.
        package let attachmentHash: OwnerHash

        /// Makes a holder.
        package init(
            owner: Owner, interface: String, containerID: String, network: String, node: String, bootID: String
        ) {
            values = Values(
                owner: owner, interface: interface, containerID: containerID, network: network, node: node,
                bootID: bootID)
            (identityHash, attachmentHash) = values.hashes
        }

        fileprivate init(_ values: Values) {
            self.values = values
            (identityHash, attachmentHash) = values.hashes
        }

        /// Whether the identity is that of this UID and interface.
        package func isOf(uid: String, _ interface: String) -> Bool {
            values.owner.uid == uid && values.interface == interface
        }

        /// Whether the attachment is that of this container and interface.
        package func isOf(containerID: String, _ interface: String) -> Bool {
            values.containerID == containerID && values.interface == interface
        }

        /// Whether the holder has a container; a retained claim has none.
        package var hasContainer: Bool { !values.containerID.isEmpty }

        /// Two holders are equal when they say the same.
        package static func == (left: Holder, right: Holder) -> Bool {
            left === right
                || (left.identityHash == right.identityHash && left.attachmentHash == right.attachmentHash
                    && left.values == right.values)
        }

        /// Hashes the texts.
        package func hash(into hasher: inout Hasher) { hasher.combine(values) }
    }

    fileprivate struct Values: Sendable, Hashable {
        var owner: Owner
        var interface: String
        var containerID: String
        var network: String
        var node: String
        var bootID: String

        var hashes: (identity: OwnerHash, attachment: OwnerHash) {
            let identity = OwnerHash(owner.uid, interface)
            return (identity, containerID == owner.uid ? identity : OwnerHash(containerID, interface))
        }
    }

    /// What a repeated ADD is recognised by.
    public var identity: Identity { Identity(uid: holder.values.owner.uid, interface: holder.values.interface) }

    /// What a DEL is recognised by.
    public var attachment: Attachment {
        Attachment(containerID: holder.values.containerID, interface: holder.values.interface)
    }

    private mutating func change(_ body: (inout Values) -> Void) {
        var values = holder.values
        body(&values)
        holder = Holder(values)
    }

    /// Who owns it.
    public var owner: Owner {
        get { holder.values.owner }
        set { change { $0.owner = newValue } }
    }

    /// Interface name inside the container.
    public var interface: String {
        get { holder.values.interface }
        set { change { $0.interface = newValue } }
    }

    /// The sandbox that holds it now; a DEL for another one changes nothing.
    public var containerID: String {
        get { holder.values.containerID }
        set { change { $0.containerID = newValue } }
    }

    /// Name of the CNI network, for garbage collection of one network; empty when unknown.
    public var network: String {
        get { holder.values.network }
        set { change { $0.network = newValue } }
    }

    /// The node on which the owner runs.
    public var node: String {
        get { holder.values.node }
        set { change { $0.node = newValue } }
    }

    /// Boot ID of the host for claims that a reboot makes void; empty for those that outlive it.
    public var bootID: String {
        get { holder.values.bootID }
        set { change { $0.bootID = newValue } }
    }
}
