public import IPAMCore
public import NetlinkKit

/// What is configured, after all sources were put together and checked.
public struct CoordinatorSettings: Sendable, Hashable {
    /// `mode`.
    public var mode = CoordinationMode.auto
    /// `podDefaultCniNic`: the name of the Pod's first interface.
    public var firstInterface: InterfaceName
    /// `overlayPodCIDR`: reached through the node.
    public var overlayPodCIDRs: [CIDR] = []
    /// `serviceCIDR`: reached through the node.
    public var serviceCIDRs: [CIDR] = []
    /// `hijackCIDR`: further prefixes that are reached through the node.
    public var hijackCIDRs: [CIDR] = []
    /// `policyRoutes`.
    public var policyRoutes: [PolicyRoute] = []
    /// `tunePodRoutes`: whether all but one of several default routes move to tables of their own.
    public var movesDefaultRoutes = true
    /// `podDefaultRouteNic`: the interface that keeps its default route; `nil` for the one that has it first.
    public var defaultRouteInterface: InterfaceName?
    /// `podNICs`: the interfaces that the Pod will have; `nil` when nobody knows.
    public var expectedInterfaces: [InterfaceName]?
    /// `podMACPrefix`.
    public var macPrefix: MACPrefix?
    /// `hostRuleTable`: the node's table for the way to its Pods.
    public var nodeTable = Self.defaultNodeTable
    /// `podRPFilter`, 0 to 2; `nil` leaves it alone.
    public var reversePathFilter: Int? = 0
    /// `txQueueLen`; `nil` leaves it alone.
    public var transmitQueueLength: UInt32?
    /// `vethLinkAddress`: an address of the Pod's end of the auxiliary pair.
    public var vethAddress: IPAddress?
    /// `vethMTU`, of both ends of the auxiliary pair.
    public var vethMTUBytes: UInt32 = 1500

    /// `hostRuleTable` unless configured, 500.
    public static let defaultNodeTable = RouteTable(rawValue: 500)

    /// The defaults.
    ///
    /// - Parameter firstInterface: The name of the Pod's first interface, usually `eth0`.
    public init(firstInterface: InterfaceName) { self.firstInterface = firstInterface }

    /// All prefixes that are reached through the node, in the order of their routes.
    var redirectedCIDRs: [CIDR] { overlayPodCIDRs + serviceCIDRs + hijackCIDRs }
}
