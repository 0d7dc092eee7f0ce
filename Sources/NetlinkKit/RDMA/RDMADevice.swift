/// A device for remote direct memory access, as `rdma link` shows it.
public struct RDMADevice: Sendable, Hashable {
    /// One port of a device.
    public struct Port: Sendable, Hashable {
        /// The number, from 1.
        public let number: UInt32
        /// The link that it uses; `nil` when it uses none of this namespace.
        public let link: LinkIndex?
        /// The name of the link.
        public let linkName: String?

        /// Reads an `RDMA_NLDEV_CMD_PORT_GET` message; `nil` when it is malformed.
        init?(_ payload: RawSpan) {
            guard let number = payload.attribute(3, as: UInt32.self) else { return nil }  // …_ATTR_PORT_INDEX
            self.number = number
            link = payload.attribute(50, as: Int32.self).flatMap(LinkIndex.init(rawValue:))  // …_ATTR_NDEV_INDEX
            linkName = payload.text(51)  // …_ATTR_NDEV_NAME
        }
    }

    /// The kernel's number.
    public let index: UInt32
    /// The name, such as `mlx5_0`.
    public let name: String
    /// The ports.
    public internal(set) var ports: [Port] = []

    /// Reads an `RDMA_NLDEV_CMD_GET` message; `nil` when it is malformed.
    init?(_ payload: RawSpan) {
        guard let index = payload.attribute(1, as: UInt32.self),  // RDMA_NLDEV_ATTR_DEV_INDEX
            let name = payload.text(2)  // RDMA_NLDEV_ATTR_DEV_NAME
        else { return nil }
        self.index = index
        self.name = name
    }
}
