/// Under which name a workload keeps its addresses, whatever Pod runs it.
public struct FixedIdentity: Sendable, Hashable {
    /// What is fixed.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A Pod of an `apps/v1` StatefulSet.
        case statefulSet = "StatefulSet"
        /// A Pod of a `kubevirt.io/v1` VirtualMachineInstance.
        case virtualMachine = "VirtualMachineInstance"
    }

    /// What is fixed.
    public let kind: Kind
    /// The namespace.
    public let namespace: String
    /// The Pod's name, or that of the virtual machine. The SpiderEndpoint has the same.
    public let name: String
    /// The StatefulSet, or the virtual machine.
    public let controllerName: String

    /// The identity of a Pod; `nil` for a workload that leaves nothing behind.
    ///
    /// - Parameters:
    ///   - pod: The Pod.
    ///   - controller: Its direct controller or top controller; for both kinds that is the same.
    ///   - settings: What is switched on.
    public init?(_ pod: PodName, _ controller: TopController, _ settings: AgentSettings) {
        switch (controller.apiVersion, controller.kind) {
        case ("apps/v1", "StatefulSet") where settings.enablesStatefulSet:
            (kind, name) = (.statefulSet, pod.name)
        case ("kubevirt.io/v1", "VirtualMachineInstance") where settings.enablesKubevirtStaticIP:
            (kind, name) = (.virtualMachine, controller.name)
        default: return nil
        }
        namespace = pod.namespace
        controllerName = controller.name
    }

    /// Reads what ``uid`` wrote; `nil` for the UID of a Pod.
    public init?(uid: String, controllerName: String) {
        let parts = uid.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let kind = Kind(rawValue: parts[0]) else { return nil }
        (self.kind, namespace, name) = (kind, parts[1], parts[2])
        self.controllerName = controllerName
    }

    /// What claims record as the owner's UID. A slash stands in no Pod UID, so nobody else has this one.
    public var uid: String { "\(kind.rawValue)/\(namespace)/\(name)" }
}
