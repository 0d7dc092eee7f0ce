public import CNITypes

extension CNIError {
    /// The error as the runtime is told of it: what time would cure is to be tried again.
    ///
    /// - Parameter error: Why the agent did not serve.
    public init(_ error: AgentLinkError) {
        switch error.code {
        case .malformed: self.init(.decodingFailed, "the agent's reply cannot be understood", details: "\(error)")
        case .refused: self.init(.tryAgainLater, "the agent refused", details: "\(error)")
        default: self.init(.tryAgainLater, "the agent cannot be reached", details: "\(error)")
        }
    }
}
