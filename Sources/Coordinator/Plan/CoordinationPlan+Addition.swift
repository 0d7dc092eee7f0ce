internal import NetlinkKit

extension CoordinationPlan {
    /// What has to be done so that an interface is coordinated.
    ///
    /// - Parameters:
    ///   - subject: The interface.
    ///   - settings: The settings.
    ///   - placement: Where the interface stands among those of its Pod.
    ///   - pod: What there is in the Pod.
    ///   - node: What of the node concerns the interface.
    ///   - onlyKnown: Whether addresses that the node got later are left out, as for a check.
    /// - Throws: ``CoordinationError`` when that cannot be; nothing has been changed then.
    public init(
        coordinating subject: CoordinationSubject, _ settings: CoordinatorSettings,
        _ placement: CoordinationPlacement, pod: PodState, node: NodeState, onlyKnown: Bool = false
    ) throws(CoordinationError) {
        var planner = try CoordinationPlanner(subject, settings, placement, pod: pod, node: node, onlyKnown: onlyKnown)
        planner.planPair()
        try planner.planLinks()
        try planner.planPodNeighbors()
        let present = placement.link.index
        if !placement.isUnderlay, placement.isFirst, planner.firstOverlay != present {
            planner.firstOverlay = present
            planner.mark(present)
        }
        for family in placement.families { try planner.planTables(family) }
        planner.planReplies()
        planner.planPolicyRoutes { [tables = planner.tables, rules = planner.rules] family in
            guard let table = tables[present], !(placement.isUnderlay && placement.isFirst) else { return .main }
            let isUsed = rules.contains { $0.family == family && $0.table == table } || !settings.movesDefaultRoutes
            return isUsed ? table : .main
        }
        planner.planNode()
        planner.askRemovals()
        planner.planAnnouncement()
        self = planner.plan
    }
}
