public import IPAMCore
public import NetlinkKit

extension CoordinationPlan {
    /// What has to be taken away when an interface goes.
    ///
    /// - Parameters:
    ///   - subject: The interface.
    ///   - firstInterface: The name of the Pod's first interface.
    ///   - nodeTable: The node's table for the way to its Pods; `nil` when it is not known.
    ///   - pod: What there is in the Pod; `nil` when its namespace is gone.
    ///   - node: What of the node concerns the interface.
    ///   - addresses: The addresses of the interface.
    public init(
        removing subject: CoordinationSubject, firstInterface: InterfaceName, nodeTable: RouteTable?, pod: PodState?,
        node: NodeState, addresses: [IPAddress]
    ) {
        var planner = RemovalPlanner(
            subject, firstInterface: firstInterface, nodeTable: nodeTable, pod: pod, node: node, addresses: addresses)
        planner.planRemoval()
        self = planner.plan
    }

    /// Which links of a node belong to no attachment any more.
    ///
    /// - Parameters:
    ///   - links: All links of the node.
    ///   - network: The network whose attachments are told.
    ///   - valid: The attachments of that network that are still valid.
    public init(
        collectingGarbageAmong links: [Link], of network: String, except valid: [CoordinationSubject]
    ) {
        let kept = Set(valid.map { LinkMark($0) })
        let network = LinkMark.shortened(network: network)
        for link in links where link.kind == .veth {
            // An overlay Pod's link has a mark too, and is another plugin's.
            guard let mark = LinkMark(alias: link.alias), case .pair(let containerID, _, network) = mark,
                link.hasName(containerID: containerID), !kept.contains(mark)
            else { continue }
            names[.node, default: [:]][link.index] = link.name
            operations.append(.removeLink(.node, link.index))
        }
    }
}
