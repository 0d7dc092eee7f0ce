internal import CNetlink

/// The way to the RDMA devices that one network namespace sees (rdma(8)).
///
/// Like a ``RouteSocket`` it belongs to the namespace in which the thread was that opened it.
public struct RDMASocket: ~Copyable, Sendable {
    /// The requests and answers.
    var socket: NetlinkSocket

    /// Opens a socket in the network namespace of the calling thread.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/notSupported`` when the kernel has no RDMA.
    public init() throws(NetlinkError) {
        socket = try NetlinkSocket(family: NETLINK_RDMA)
    }

    /// Makes a socket on something other than the kernel.
    init(_ transport: any NetlinkTransport) {
        socket = NetlinkSocket(channel: .replacement(transport))
    }

    /// The devices with their ports and the links below them: `rdma link`.
    ///
    /// - Returns: The devices, in the order of the kernel.
    /// - Throws: ``NetlinkError`` with the kernel's words.
    public mutating func devices() throws(NetlinkError) -> [RDMADevice] {
        let all = MessageWriter(.rdmaDevice, .dump) { _ in }
        var devices = try socket.dump("RDMA devices", all, reply: .rdmaDevice) { payload, devices in
            guard let device = RDMADevice(payload) else { return false }
            devices.append(device)
            return true
        }
        for place in devices.indices {
            let index = devices[place].index
            let ofDevice = MessageWriter(.rdmaPort, .dump) { $0.attribute(1, index) }  // RDMA_NLDEV_ATTR_DEV_INDEX
            devices[place].ports = try socket.dump(
                "ports of RDMA device \(devices[place].name)", ofDevice, reply: .rdmaPort
            ) {
                (payload: RawSpan, ports: inout [RDMADevice.Port]) in
                guard let port = RDMADevice.Port(payload) else { return false }
                ports.append(port)
                return true
            }
        }
        return devices
    }
}
