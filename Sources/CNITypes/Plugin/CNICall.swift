public import IPAMCore

/// What all commands but `VERSION` have in common: the configuration, and what a delegated plugin has to be given.
public struct CNICall: Sendable {
    /// What is asked.
    public let command: CNICommand

    /// The network configuration.
    public let configuration: CNIConfiguration

    /// All environment variables.
    public let environment: [String: String]

    /// Standard input as it came.
    public let input: [UInt8]

    /// When the answer has to be there; whatever waits, waits no longer.
    public let deadline: MonotonicInstant

    /// Makes a call; plugins are given theirs.
    public init(
        command: CNICommand, configuration: CNIConfiguration, environment: [String: String], input: [UInt8],
        deadline: MonotonicInstant
    ) {
        self.command = command
        self.configuration = configuration
        self.environment = environment
        self.input = input
        self.deadline = deadline
    }
}
