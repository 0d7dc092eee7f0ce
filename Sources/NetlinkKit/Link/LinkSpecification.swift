public import IPAMCore

/// A link to be made.
///
/// ```swift
/// var socket = try RouteSocket()
/// let parent = try socket.link(named: eth0).index
/// try socket.add(LinkSpecification(macvlan0, .macvlan(parent: parent, mode: .bridge)))
/// ```
public struct LinkSpecification: Sendable, Hashable {
    /// The other end of a veth pair.
    public struct Peer: Sendable, Hashable {
        /// Its name.
        public var name: InterfaceName
        /// What to set on it, for example another namespace; the kernel does not make it switched on (`ENOTCONN`).
        public var settings: LinkSettings

        /// Describes the other end.
        ///
        /// - Parameters:
        ///   - name: Its name.
        ///   - settings: What to set on it.
        public init(_ name: InterfaceName, settings: LinkSettings = LinkSettings()) {
            self.name = name
            self.settings = settings
        }
    }

    /// What to make.
    public enum Variant: Sendable, Hashable {
        /// `ip link add NAME type bond …`
        case bond(BondOptions)
        /// `ip link add NAME type bridge`
        case bridge
        /// `ip link add NAME type dummy`
        case dummy
        /// `ip link add NAME type ifb`
        case ifb
        /// `ip link add NAME link PARENT type ipvlan mode MODE ISOLATION`
        case ipvlan(parent: LinkIndex, mode: IpvlanMode, isolation: IpvlanIsolation = .bridge)
        /// `ip link add NAME link PARENT type macvlan mode MODE`
        case macvlan(parent: LinkIndex, mode: MacvlanMode)
        /// `ip link add NAME type veth peer name PEER`
        case veth(Peer)
        /// `ip link add NAME link PARENT type vlan protocol PROTOCOL id ID`
        case vlan(parent: LinkIndex, id: VLANIdentifier, protocol: VLANProtocol = .customer)
        /// `ip link add NAME type vrf table TABLE`
        case vrf(table: UInt32)
        /// `ip link add NAME type vxlan id ID dstport PORT [dev PARENT] [local ADDRESS] [remote ADDRESS]`
        case vxlan(
            id: UInt32, port: UInt16 = 4789, parent: LinkIndex? = nil, local: IPAddress? = nil,
            remote: IPAddress? = nil)
    }

    /// The name.
    public var name: InterfaceName
    /// The number to have, so that requests of the same batch can refer to the link; `nil` for the next free one. The
    /// kernel refuses a number that is in use with ``NetlinkError/Code/busy``.
    public var index: LinkIndex?
    /// What to make.
    public var variant: Variant
    /// What else to set on it.
    public var settings: LinkSettings

    /// Describes a link.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - variant: What to make.
    ///   - settings: What else to set on it.
    ///   - index: The number to have.
    public init(
        _ name: InterfaceName, _ variant: Variant, settings: LinkSettings = LinkSettings(), index: LinkIndex? = nil
    ) {
        self.name = name
        self.index = index
        self.variant = variant
        self.settings = settings
    }
}

extension LinkSpecification.Variant {
    /// The kind of the link.
    public var kind: LinkKind {
        switch self {
        case .bond: .bond
        case .bridge: .bridge
        case .dummy: .dummy
        case .ifb: .ifb
        case .ipvlan: .ipvlan
        case .macvlan: .macvlan
        case .veth: .veth
        case .vlan: .vlan
        case .vrf: .vrf
        case .vxlan: .vxlan
        }
    }

    /// The link below.
    private var parent: LinkIndex? {
        switch self {
        case .ipvlan(let parent, _, _), .macvlan(let parent, _), .vlan(let parent, _, _): parent
        default: nil
        }
    }

    /// Writes `IFLA_LINK` and `IFLA_LINKINFO`.
    func write(to writer: inout MessageWriter) {
        if let parent { writer.attribute(IFLA.parent, parent) }
        writer.nested(IFLA.info) { writer in
            writer.attribute(IFLAInfo.kind, kind.rawValue)
            switch self {
            case .bridge, .dummy, .ifb: break
            default: writer.nested(IFLAInfo.data) { writeData(to: &$0) }
            }
        }
    }

    /// Writes what is within `IFLA_INFO_DATA`.
    private func writeData(to writer: inout MessageWriter) {
        switch self {
        case .bridge, .dummy, .ifb: break
        case .bond(let options): options.write(to: &writer)
        case .ipvlan(_, let mode, let isolation):
            writer.attribute(1, mode.rawValue)  // IFLA_IPVLAN_MODE
            writer.attribute(2, isolation.rawValue)  // IFLA_IPVLAN_FLAGS
        case .macvlan(_, let mode):
            writer.attribute(1, mode.rawValue)  // IFLA_MACVLAN_MODE
        case .veth(let peer):
            writer.nested(1) { writer in  // VETH_INFO_PEER: a family header and attributes
                peer.settings.write(to: &writer)
                writer.attribute(IFLA.name, peer.name.text)
            }
        case .vlan(_, let id, let kind):
            writer.attribute(1, id.rawValue)  // IFLA_VLAN_ID
            writer.attribute(5, kind.rawValue.bigEndian)  // IFLA_VLAN_PROTOCOL
        case .vrf(let table):
            writer.attribute(1, table)  // IFLA_VRF_TABLE
        case .vxlan(let id, let port, let parent, let local, let remote):
            writer.attribute(1, id)  // IFLA_VXLAN_ID
            if let remote { writer.attribute(remote.family == .ipv4 ? 2 : 16, remote) }  // IFLA_VXLAN_GROUP, _GROUP6
            if let parent { writer.attribute(3, parent) }  // IFLA_VXLAN_LINK
            if let local { writer.attribute(local.family == .ipv4 ? 4 : 17, local) }  // IFLA_VXLAN_LOCAL, _LOCAL6
            writer.attribute(15, port.bigEndian)  // IFLA_VXLAN_PORT
        }
    }
}
