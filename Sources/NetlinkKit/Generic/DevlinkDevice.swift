/// A device that devlink knows, a line of `devlink dev`: mostly the physical function of a network card.
public struct DevlinkDevice: Sendable, Hashable {
    /// The bus, such as `pci`.
    public let bus: String
    /// The address on the bus, such as `0000:3b:00.0`.
    public let address: String

    /// Reads what comes after the header of a `DEVLINK_CMD_NEW` message; `nil` when it is malformed.
    init?(_ payload: RawSpan) {
        var bus: String?
        var address: String?
        let isWhole = payload.forEachAttribute(from: GenericSocket.headerBytes) { type, value in
            switch type {
            case 1: bus = value.text  // DEVLINK_ATTR_BUS_NAME
            case 2: address = value.text  // DEVLINK_ATTR_DEV_NAME
            default: break
            }
        }
        guard isWhole, let bus, let address else { return nil }
        self.bus = bus
        self.address = address
    }
}

extension DevlinkDevice: CustomStringConvertible {
    /// As devlink(8) writes it: `pci/0000:3b:00.0`.
    public var description: String { "\(bus)/\(address)" }
}

extension GenericSocket {
    /// The devices that devlink knows in the namespace of this socket: `devlink dev`.
    ///
    /// - Returns: The devices, in the order of the kernel.
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/notSupported`` when the kernel has no devlink.
    public mutating func devlinkDevices() throws(NetlinkError) -> [DevlinkDevice] {
        let family = try family("devlink")
        let request = MessageWriter(family, .dump) { $0.genericHeader(command: 1, version: 1) }  // DEVLINK_CMD_GET
        return try socket.dump("devlink devices", request, reply: family) { payload, devices in
            guard let device = DevlinkDevice(payload) else { return false }
            devices.append(device)
            return true
        }
    }
}
