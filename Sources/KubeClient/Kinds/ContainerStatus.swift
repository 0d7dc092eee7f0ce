internal import JSONTree

/// Whether a container of a Pod runs.
public struct ContainerStatus: Sendable, Equatable {
    /// What a container does.
    public enum State: Sendable, Hashable {
        /// Not started yet, or about to be started again.
        case waiting
        /// It runs.
        case running
        /// It has ended.
        case terminated
    }

    /// The container's name.
    public let name: String
    /// What it does.
    public let state: State
    /// The runtime's ID, such as `containerd://4f…`; `nil` before it was created.
    public let containerID: String?

    init(_ reader: JSONFieldReader) throws(JSONFieldError) {
        name = try reader.string(at: "name") ?? ""
        containerID = try reader.string(at: "containerID").flatMap { $0.isEmpty ? nil : $0 }
        let state = try reader.object(at: "state")
        if state?.value(at: "running") != nil {
            self.state = .running
        } else if state?.value(at: "terminated") != nil {
            self.state = .terminated
        } else {
            self.state = .waiting
        }
    }
}
