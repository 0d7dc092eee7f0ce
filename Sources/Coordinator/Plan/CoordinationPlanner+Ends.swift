internal import IPAMCore
internal import NetlinkKit

extension CoordinationPlanner {
    /// The two ends of the way between Pod and node.
    struct Ends {
        var nodeFacing: (index: LinkIndex, address: MACAddress)
        var podFacing: (index: LinkIndex, address: MACAddress)
        var pair: AuxiliaryPair?
    }

    /// Finds the ends, or says which have to be made.
    static func ends(
        _ subject: CoordinationSubject, _ settings: CoordinatorSettings, _ placement: CoordinationPlacement,
        _ node: NodeState
    ) throws(CoordinationError) -> Ends {
        guard let inner = placement.nodeFacing else { return try newEnds(subject, settings, node) }
        guard inner.kind == .veth || inner.kind == LinkKind(rawValue: "netkit") else {
            throw CoordinationError(
                .mismatch, "\(inner.name) of the Pod does not lead to the node",
                detail: "it is \(inner.kind.map { "a \($0)" } ?? "hardware") and not one of a pair of links; "
                    + (placement.isUnderlay
                        ? "another plugin uses the name of the auxiliary link"
                        : "overlay mode needs a first interface with its other end on the node"))
        }
        guard let outer = node.peer, let outerAddress = outer.address, let innerAddress = inner.address else {
            throw CoordinationError(
                .mismatch, "\(inner.name) of the Pod does not lead to the node",
                detail: "its other end is not in the network namespace that the plugin was started in")
        }
        return Ends(nodeFacing: (inner.index, innerAddress), podFacing: (outer.index, outerAddress), pair: nil)
    }

    private static func newEnds(
        _ subject: CoordinationSubject, _ settings: CoordinatorSettings, _ node: NodeState
    ) throws(CoordinationError) -> Ends {
        let name = try subject.nodeLinkName
        if let link = node.namedLink, !link.isPair(of: subject) {
            throw CoordinationError(
                .mismatch, "link \(name) of the node belongs to somebody else",
                detail: "it is \(link.kind.map { "a \($0)" } ?? "hardware")"
                    + (link.alias.isEmpty ? "" : " with the alias \"\(link.alias)\"")
                    + "; the auxiliary link of container \(subject.containerID) needs the name: remove or rename it")
        }
        guard let podName = InterfaceName(CoordinationPlacement.auxiliaryName) else {
            throw CoordinationError(.settings, "the auxiliary link has no name")
        }
        let pair = AuxiliaryPair(
            nodeName: name, podName: podName, nodeAddress: subject.hardwareAddress(of: "node"),
            podAddress: subject.hardwareAddress(of: "pod"), mtuBytes: settings.vethMTUBytes)
        return Ends(
            nodeFacing: (AuxiliaryPair.podPlaceholder, pair.podAddress),
            podFacing: (AuxiliaryPair.nodePlaceholder, pair.nodeAddress), pair: pair)
    }
}

extension Link {
    /// Whether the link is the node's end of the pair of a container, whichever of its interfaces it was made with.
    func isPair(of subject: CoordinationSubject) -> Bool {
        guard kind == .veth, case .pair(let containerID, _, _) = LinkMark(alias: alias),
            case .pair(let wanted, _, _) = LinkMark(subject)
        else { return false }
        return containerID == wanted
    }
}

extension CoordinationSubject {
    /// A hardware address that follows from the container's ID: the same in each attempt, and set when the link is made,
    /// so that nothing on the node changes it later.
    ///
    /// - Parameter end: Which end, in a word.
    /// - Returns: A locally administered address of one interface (IEEE 802, bits 1 and 0 of the first byte).
    func hardwareAddress(of end: String) -> MACAddress {
        // FNV-1a of 64 bits: what is needed is only that addresses differ.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "\(containerID)/\(end)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        hash ^= hash >> 47
        return MACAddress(bits: hash & 0xfcff_ffff_ffff | 0x0200_0000_0000)
    }
}
