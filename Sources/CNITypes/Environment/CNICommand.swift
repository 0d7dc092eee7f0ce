/// What the runtime asks of a plugin; the raw value is that of `CNI_COMMAND`.
public enum CNICommand: String, Sendable, Hashable, CaseIterable {
    /// Attach a container to the network.
    case add = "ADD"
    /// Undo an attachment, as far as it exists.
    case delete = "DEL"
    /// Verify an attachment without changing anything; since 0.4.0.
    case check = "CHECK"
    /// Remove what belongs to no valid attachment; since 1.1.0.
    case collectGarbage = "GC"
    /// Tell whether `ADD` would be served; since 1.1.0.
    case status = "STATUS"
    /// Tell which versions are spoken.
    case version = "VERSION"

    /// The first version that knows the command.
    public var since: CNIVersion {
        switch self {
        case .add, .delete, .version: .v030
        case .check: .v040
        case .collectGarbage, .status: .v110
        }
    }

    /// Whether the command is about one attachment, named by container and interface.
    var concernsAttachment: Bool { self == .add || self == .delete || self == .check }

    /// Whether what does not matter for undoing is passed over instead of refused.
    var isLenient: Bool { self == .delete || self == .collectGarbage }

    /// How long the command may take.
    public var timeLimit: Duration {
        switch self {
        case .add: .seconds(110)
        case .delete, .collectGarbage: .seconds(60)
        case .check: .seconds(20)
        case .status, .version: .seconds(2)
        }
    }
}
