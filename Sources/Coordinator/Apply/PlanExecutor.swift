internal import IPAMCore
internal import NetlinkKit
internal import SystemPackage

/// Carries out the operations of a plan with as few messages as the kernel allows, and undoes them when one is refused.
///
/// It works in the thread that is in the Pod's namespace; settings of the node's kernel are left to the caller.
struct PlanExecutor: ~Copyable {
    private var pod: RouteSocket
    private var node: RouteSocket
    private let podNamespace: FileDescriptor
    private let podState: PodState
    private let nodeState: NodeState
    /// The links of a pair that was made, in the place of their numbers in the plan.
    private var made: [LinkIndex: LinkIndex] = [:]
    /// What was carried out, for undoing it.
    private var done: [CoordinationOperation] = []

    init(
        pod: consuming RouteSocket, node: consuming RouteSocket, podNamespace: FileDescriptor, podState: PodState,
        nodeState: NodeState
    ) {
        self.pod = pod
        self.node = node
        self.podNamespace = podNamespace
        self.podState = podState
        self.nodeState = nodeState
    }

    /// Carries out a plan: everything, or nothing that is not reported.
    mutating func carryOut(_ plan: CoordinationPlan) throws(CoordinationError) {
        do throws(NetlinkError) {
            for step in plan.operations.steps { try carryOut(step) }
        } catch {
            let leftovers = undo(plan)
            let detail =
                leftovers.isEmpty
                ? "what was done before is undone" : "left behind: \(leftovers.joined(separator: "; "))"
            throw CoordinationError(.kernel, "the kernel refused an operation", detail: "\(error); \(detail)")
        }
    }

    /// Carries out as much as possible, for taking away.
    ///
    /// - Returns: What was refused, in words.
    mutating func carryOutAll(_ plan: CoordinationPlan) -> [String] {
        var failures: [String] = []
        for step in plan.operations.steps {
            do throws(NetlinkError) { try carryOut(step) } catch { failures.append("\(error)") }
        }
        return failures
    }

    private mutating func carryOut(_ step: [CoordinationOperation]) throws(NetlinkError) {
        guard let first = step.first else { return }
        switch first {
        case .addPair(let pair): try add(pair)
        case .clearRoutes(let prefix, let table): try clearRoutes(prefix, table)
        case .setSysctl(.pod, let setting): try Sysctl.apply(setting)
        case .setSysctl(.node, _): break
        case .mark(let families): try mark(families)
        case .unmark(let families):
            var filter = try NetfilterSocket()
            try filter.apply(families.flatMap { ReplyMarks.removal($0) })
        case .announce(let link, let addresses, let mac):
            try AddressAnnouncement(of: addresses, at: mac).send(on: link, times: 1)
        default:
            try perform(step, first.side)
            return
        }
        done.append(first)
    }

    /// Removes the routes to a prefix, whatever their next hops and priorities.
    private mutating func clearRoutes(_ prefix: CIDR, _ table: RouteTable) throws(NetlinkError) {
        var any = Route(to: prefix, path: .none, table: table)
        any.kind = RouteKind(rawValue: 0)
        any.scope = .nowhere
        any.origin = .unspecified
        // Each request removes one; a table has few with the same destination.
        for _ in 0..<64 {
            do throws(NetlinkError) {
                try node.remove(any)
            } catch {
                guard error.code == .notFound else { throw error }
                return
            }
        }
    }

    private func mark(_ families: [AddressFamily]) throws(NetlinkError) {
        guard let marks = ReplyMarks.ofPods else { return }
        var filter = try NetfilterSocket()
        try filter.install(marks, families)
    }

    private mutating func add(_ pair: AuxiliaryPair) throws(NetlinkError) {
        let inner = LinkSettings(
            mtuBytes: pair.mtuBytes, address: pair.podAddress, namespace: .descriptor(podNamespace))
        do throws(NetlinkError) {
            try node.add(
                LinkSpecification(
                    pair.nodeName, .veth(LinkSpecification.Peer(pair.podName, settings: inner)),
                    settings: LinkSettings(mtuBytes: pair.mtuBytes, address: pair.nodeAddress)))
        } catch {
            guard error.code == .invalid else { throw error }
            let hint = "is mtu \(pair.mtuBytes) (vethMTU) one that the kernel takes?"
            throw NetlinkError(
                error.code, operation: error.operation, errno: error.errno,
                detail: [error.detail, hint].filter { !$0.isEmpty }.joined(separator: "; "))
        }
        let outer = try node.link(named: pair.nodeName)
        made[AuxiliaryPair.nodePlaceholder] = outer.index
        if let parent = outer.parent { made[AuxiliaryPair.podPlaceholder] = parent }
    }

    private mutating func perform(
        _ operations: [CoordinationOperation], _ side: CoordinationOperation.Side
    ) throws(NetlinkError) {
        var batch = RouteBatch()
        for operation in operations { operation.append(to: &batch) { made[$0] ?? $0 } }
        let failures: [RouteBatch.Failure] =
            switch side {
            case .pod: try pod.perform(batch)
            case .node: try node.perform(batch)
            }
        var refused: [RouteBatch.Failure] = []
        for failure in failures where !operations[failure.index].tolerates(failure.error) {
            if failure.error.code == .invalid, let plain = operations[failure.index].withoutSource {
                // Older kernels take no source that another link has, nor one that is still being verified.
                try perform([plain], side)
            } else {
                refused.append(failure)
            }
        }
        let indices = Set(failures.map(\.index))
        done += operations.indices.filter { !indices.contains($0) }.map { operations[$0] }
        guard let first = refused.first else { return }
        throw NetlinkError(
            first.error.code, operation: first.error.operation, errno: first.error.errno,
            detail: ([first.error.detail].filter { !$0.isEmpty }
                + refused.dropFirst().map { "also refused: \($0.error)" }).joined(separator: "; "))
    }

    /// Undoes what was carried out, the last first.
    ///
    /// - Returns: What could not be undone, in words.
    private mutating func undo(_ plan: CoordinationPlan) -> [String] {
        let makesPair = done.contains { if case .addPair = $0 { true } else { false } }
        var failures: [String] = []
        for operation in done.reversed() {
            // Everything about the pair disappears with it.
            if makesPair, operation.usesPair { continue }
            guard let inverse = operation.inverse(podState, nodeState) else { continue }
            do throws(NetlinkError) { try carryOut([inverse]) } catch {
                failures.append("\(plan.description(of: operation)): \(error)")
            }
        }
        return failures
    }
}

extension [CoordinationOperation] {
    /// The operations in groups that are asked for together: on one side, and what takes away apart from what adds, so
    /// that nothing is taken away before what replaces it is there.
    fileprivate var steps: [[CoordinationOperation]] {
        var steps: [[CoordinationOperation]] = []
        for operation in self {
            if let last = steps.last?.last, last.isMessage, operation.isMessage, last.side == operation.side,
                last.takesAway == operation.takesAway
            {
                steps[steps.count - 1].append(operation)
            } else {
                steps.append([operation])
            }
        }
        return steps
    }
}
