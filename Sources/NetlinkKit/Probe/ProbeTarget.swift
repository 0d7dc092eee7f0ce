public import IPAMCore

/// One address, and what a probe is to find out about it.
public struct ProbeTarget: Sendable, Hashable {
    /// The address.
    public var address: IPAddress
    /// Whether to ask if somebody else uses the address.
    public var detectsConflict: Bool
    /// The gateway that has to answer, once the address is found free; `nil` when none has to.
    public var gateway: IPAddress?

    /// Makes a target.
    ///
    /// - Parameters:
    ///   - address: The address.
    ///   - detectsConflict: Whether to ask if somebody else uses it.
    ///   - gateway: The gateway that has to answer.
    public init(_ address: IPAddress, detectsConflict: Bool = true, gateway: IPAddress? = nil) {
        self.address = address
        self.detectsConflict = detectsConflict
        self.gateway = gateway
    }
}
