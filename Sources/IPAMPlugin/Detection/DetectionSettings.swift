internal import JSONTree

/// What is found out about addresses on the wire before a container gets them.
public struct DetectionSettings: Sendable, Hashable {
    /// `enableIPConflictDetection`: nobody else uses them.
    public var findsConflicts: Bool
    /// `enableGatewayDetection`: their gateways answer.
    public var asksGateways: Bool

    /// Makes settings; nothing is found out unless said.
    public init(findsConflicts: Bool = false, asksGateways: Bool = false) {
        self.findsConflicts = findsConflicts
        self.asksGateways = asksGateways
    }

    /// Whether there is anything to find out.
    public var isOn: Bool { findsConflicts || asksGateways }

    static let keys = ["enableIPConflictDetection", "enableGatewayDetection"]

    /// Reads the keys; what is not there is as in `other`.
    init(_ reader: JSONFieldReader, completedBy other: Self = Self()) throws(JSONFieldError) {
        findsConflicts = try reader.bool(at: Self.keys[0]) ?? other.findsConflicts
        asksGateways = try reader.bool(at: Self.keys[1]) ?? other.asksGateways
    }
}
