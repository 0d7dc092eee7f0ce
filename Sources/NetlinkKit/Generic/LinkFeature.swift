/// Something that a driver does for the network stack, or leaves to it (`ethtool -k`); an open set.
public struct LinkFeature: RawRepresentable, Sendable, Hashable {
    /// The kernel's name.
    public let rawValue: String

    /// Wraps the kernel's name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Checksums of what is sent are left to the hardware, or to nobody on a veth pair.
    public static let transmitChecksum = Self(rawValue: "tx-checksum-ip-generic")
    /// Checksums of what comes in are looked at by the hardware.
    public static let receiveChecksum = Self(rawValue: "rx-checksum")
    /// A packet may lie in several places of the memory.
    public static let scatterGather = Self(rawValue: "tx-scatter-gather")
    /// Large TCP segments are cut by the hardware.
    public static let tcpSegmentation = Self(rawValue: "tx-tcp-segmentation")
    /// Large packets are cut just before the driver.
    public static let genericSegmentation = Self(rawValue: "tx-generic-segmentation")
    /// Packets that come in are put together.
    public static let genericReceive = Self(rawValue: "rx-gro")
}

extension LinkFeature: CustomStringConvertible {
    /// The kernel's name.
    public var description: String { rawValue }
}
