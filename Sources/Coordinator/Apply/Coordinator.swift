public import IPAMCore
public import NetlinkKit
internal import SystemPackage

/// Coordinates the interfaces of Pods: reads what is there, plans, and carries the plan out.
///
/// The calling thread is in the node's network namespace, and stays there.
///
/// ```swift
/// let pod = try NetworkNamespace(path: path)
/// let outcome = try Coordinator.add(subject, settings, in: pod)
/// print(outcome.plan.json.text(.pretty))
/// ```
public enum Coordinator {
    /// What came of coordinating an interface.
    public struct Outcome: Sendable, Hashable {
        /// What was done, or would be.
        public let plan: CoordinationPlan
        /// Where the interface stands among those of its Pod; `nil` when the mode says that nothing is to be done.
        public let placement: CoordinationPlacement?
    }

    /// Coordinates an interface; doing it again changes nothing.
    ///
    /// - Parameters:
    ///   - subject: The interface.
    ///   - settings: The settings.
    ///   - pod: The namespace of the Pod.
    ///   - isDryRun: Whether the plan is only computed.
    /// - Returns: The plan.
    /// - Throws: ``CoordinationError``; what was done until then is undone.
    public static func add(
        _ subject: CoordinationSubject, _ settings: CoordinatorSettings, in pod: borrowing NetworkNamespace,
        isDryRun: Bool = false
    ) throws(CoordinationError) -> Outcome {
        let outcome = try work(subject, settings, in: pod) { (scene) throws(CoordinationError) in
            let plan = try CoordinationPlan(
                coordinating: subject, settings, scene.placement, pod: scene.pod, node: scene.node)
            if !isDryRun, !plan.isEmpty { try scene.executor.carryOut(plan) }
            return Outcome(plan: plan, placement: scene.placement)
        }
        guard !isDryRun else { return outcome ?? Outcome(plan: CoordinationPlan(), placement: nil) }
        for case .setSysctl(.node, let setting) in outcome?.plan.operations ?? [] {
            // A kernel without the key has nothing to be told.
            _ = try? Sysctl.apply(setting)
        }
        return outcome ?? Outcome(plan: CoordinationPlan(), placement: nil)
    }

    /// Compares the kernel with what a coordinated interface needs, and changes nothing.
    ///
    /// - Parameters:
    ///   - subject: The interface.
    ///   - settings: The settings.
    ///   - pod: The namespace of the Pod.
    /// - Throws: ``CoordinationError`` with ``CoordinationError/Code/different`` about the first difference. What is there
    ///   in addition, and addresses that the node got later, are none.
    public static func check(
        _ subject: CoordinationSubject, _ settings: CoordinatorSettings, in pod: borrowing NetworkNamespace
    ) throws(CoordinationError) {
        _ = try work(subject, settings, in: pod) { (scene) throws(CoordinationError) in
            let plan = try CoordinationPlan(
                coordinating: subject, settings, scene.placement, pod: scene.pod, node: scene.node, onlyKnown: true)
            guard let missing = plan.operations.first(where: { !$0.takesAway }) else { return }
            throw CoordinationError(
                .different, "interface \"\(subject.interface)\" is not as it was coordinated",
                detail: "missing: \(plan.description(of: missing)); ADD again repairs it")
        }
    }

    /// Takes away what was made for an interface: as much as possible, any number of times.
    ///
    /// - Parameters:
    ///   - subject: The interface.
    ///   - firstInterface: The name of the Pod's first interface.
    ///   - nodeTable: The node's table for the way to its Pods; `nil` when it is not known.
    ///   - path: Path of the Pod's namespace; `nil` when it is gone.
    ///   - addresses: The addresses of the interface, in case it does not have them any more.
    /// - Returns: What was done.
    /// - Throws: ``CoordinationError`` with everything that was refused.
    @discardableResult
    public static func remove(
        _ subject: CoordinationSubject, firstInterface: InterfaceName, nodeTable: RouteTable?, path: String?,
        addresses: [IPAddress]
    ) throws(CoordinationError) -> CoordinationPlan {
        let result = try inNode { (node, home) throws(NetlinkError) -> (plan: CoordinationPlan, failures: [String]) in
            guard let path, let pod = try namespace(path) else {
                let state = try NodeState(
                    removing: subject, nodeFacing: nil, podNodeNumber: nil, addresses: addresses,
                    readsAddresses: false, &node)
                let plan = CoordinationPlan(
                    removing: subject, firstInterface: firstInterface, nodeTable: nodeTable, pod: nil, node: state,
                    addresses: addresses)
                // Nothing of this plan is in a Pod: either socket serves.
                var executor = PlanExecutor(
                    pod: try RouteSocket(), node: try RouteSocket(), podNamespace: home, podState: PodState(),
                    nodeState: state)
                return (plan, executor.carryOutAll(plan))
            }
            var outside: RouteSocket? = try RouteSocket()
            return try pod.withDescriptor { (descriptor) throws(NetlinkError) in
                try pod.perform { () throws(NetlinkError) in
                    var inside = try RouteSocket()
                    let podState = try PodState(reading: &inside, node: .descriptor(home), readsSettings: false)
                    let (plan, nodeState) = try removal(
                        subject, firstInterface, nodeTable, podState, addresses, &node)
                    guard let outside = outside.take() else { return (plan, []) }
                    var executor = PlanExecutor(
                        pod: inside, node: outside, podNamespace: descriptor, podState: podState,
                        nodeState: nodeState)
                    return (plan, executor.carryOutAll(plan))
                }
            }
        }
        guard result.failures.isEmpty else {
            throw CoordinationError(
                .kernel, "not everything was taken away", detail: result.failures.joined(separator: "; "))
        }
        return result.plan
    }

    /// Removes from the node what was made for attachments of a network that are not valid any more.
    ///
    /// - Parameters:
    ///   - network: The name of the network.
    ///   - valid: The attachments of that network that are still valid.
    /// - Returns: What was removed.
    /// - Throws: ``CoordinationError`` with everything that was refused.
    @discardableResult
    public static func collectGarbage(
        of network: String, except valid: [CoordinationSubject]
    ) throws(CoordinationError) -> CoordinationPlan {
        let result = try inNode { (node, home) throws(NetlinkError) -> (plan: CoordinationPlan, failures: [String]) in
            let links = try node.links()
            let plan = CoordinationPlan(collectingGarbageAmong: links, of: network, except: valid)
            var executor = PlanExecutor(
                pod: try RouteSocket(), node: try RouteSocket(), podNamespace: home, podState: PodState(),
                nodeState: NodeState())
            return (plan, executor.carryOutAll(plan))
        }
        guard result.failures.isEmpty else {
            throw CoordinationError(
                .kernel, "not everything was taken away", detail: result.failures.joined(separator: "; "))
        }
        return result.plan
    }

    /// Verifies that the kernel has what is needed, and changes nothing.
    ///
    /// - Throws: ``CoordinationError`` when it has no nftables, or does not let the process use them.
    public static func checkKernel() throws(CoordinationError) {
        do throws(NetlinkError) {
            var filter = try NetfilterSocket()
            _ = try filter.isActive(ReplyMarks.table(.ipv4))
        } catch {
            throw CoordinationError(error)
        }
    }

    /// What is taken away from a Pod that is there.
    private static func removal(
        _ subject: CoordinationSubject, _ firstInterface: InterfaceName, _ nodeTable: RouteTable?, _ pod: PodState,
        _ told: [IPAddress], _ node: inout RouteSocket
    ) throws(NetlinkError) -> (CoordinationPlan, NodeState) {
        let auxiliary = pod.links.first { $0.name == CoordinationPlacement.auxiliaryName }
        let inner = auxiliary ?? pod.link(named: firstInterface)
        let state = try NodeState(
            removing: subject, nodeFacing: inner, podNodeNumber: pod.nodeNumber, addresses: told,
            readsAddresses: auxiliary == nil, &node)
        let own = pod.link(named: subject.interface).map { pod.usableAddresses(of: $0.index) } ?? []
        let plan = CoordinationPlan(
            removing: subject, firstInterface: firstInterface, nodeTable: nodeTable, pod: pod, node: state,
            addresses: own.isEmpty ? told : own)
        return (plan, state)
    }

    /// The namespace of a Pod; `nil` when it is gone.
    private static func namespace(_ path: String) throws(NetlinkError) -> NetworkNamespace? {
        do throws(NetlinkError) {
            return try NetworkNamespace(path: FilePath(path))
        } catch {
            guard error.code == .gone || error.code == .notANamespace else { throw error }
            return nil
        }
    }

    /// Does something with a socket and the namespace of the node.
    private static func inNode<Value>(
        _ body: (inout RouteSocket, FileDescriptor) throws(NetlinkError) -> Value
    ) throws(CoordinationError) -> Value {
        do throws(NetlinkError) {
            let home = try NetworkNamespace.current()
            var node = try RouteSocket()
            return try home.withDescriptor { (descriptor) throws(NetlinkError) in try body(&node, descriptor) }
        } catch {
            throw CoordinationError(error)
        }
    }

    /// What was read before a plan is made, and the means to carry it out.
    private struct Scene: ~Copyable {
        let placement: CoordinationPlacement
        let pod: PodState
        let node: NodeState
        var executor: PlanExecutor
    }

    /// Reads what is there and does something with it, in a thread that is in the Pod's namespace.
    ///
    /// - Returns: `nil` when the mode says that nothing is to be done.
    private static func work<Value>(
        _ subject: CoordinationSubject, _ settings: CoordinatorSettings, in pod: borrowing NetworkNamespace,
        _ body: (inout Scene) throws(CoordinationError) -> Value
    ) throws(CoordinationError) -> Value? {
        let acceptsAdvertisements = (try? subject.nodeLinkName).flatMap { name in
            try? Sysctl.number(of: .ipv6(.acceptRA, of: .link(name)))
        }
        let result: Result<Value?, CoordinationError>
        do throws(NetlinkError) {
            let home = try NetworkNamespace.current()
            var node = try RouteSocket()
            var outside: RouteSocket? = try RouteSocket()
            result = try home.withDescriptor { (home) throws(NetlinkError) in
                try pod.withDescriptor { (descriptor) throws(NetlinkError) in
                    try pod.perform { () throws(NetlinkError) -> Result<Value?, CoordinationError> in
                        var inside = try RouteSocket()
                        let podState = try PodState(reading: &inside, node: .descriptor(home), readsSettings: true)
                        do throws(CoordinationError) {
                            guard let placement = try CoordinationPlacement(subject, settings, podState) else {
                                return .success(nil)
                            }
                            var nodeState = try read(&node, subject, settings, placement, podState)
                            nodeState.acceptsRouterAdvertisements = acceptsAdvertisements.map { $0 != 0 }
                            guard let outside = outside.take() else { return .success(nil) }
                            var scene = Scene(
                                placement: placement, pod: podState, node: nodeState,
                                executor: PlanExecutor(
                                    pod: inside, node: outside, podNamespace: descriptor, podState: podState,
                                    nodeState: nodeState))
                            return .success(try body(&scene))
                        } catch {
                            return .failure(error)
                        }
                    }
                }
            }
        } catch {
            throw CoordinationError(error)
        }
        return try result.get()
    }

    private static func read(
        _ socket: inout RouteSocket, _ subject: CoordinationSubject, _ settings: CoordinatorSettings,
        _ placement: CoordinationPlacement, _ pod: PodState
    ) throws(CoordinationError) -> NodeState {
        do throws(NetlinkError) {
            return try NodeState(reading: &socket, subject, settings, placement, pod)
        } catch {
            throw CoordinationError(error)
        }
    }
}
