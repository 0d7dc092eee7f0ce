/// What drives a link (`ethtool -i`, `ETHTOOL_GDRVINFO`).
public struct LinkDriver: Sendable, Hashable {
    /// The driver, such as `mlx5_core` or `veth`.
    public let name: String
    /// The version of the driver; of drivers in the kernel mostly that of the kernel.
    public let version: String
    /// The version of the firmware; empty when there is none.
    public let firmware: String
    /// Where the hardware is, such as the PCI address `0000:3b:00.1`; empty when there is none.
    public let busAddress: String
}
