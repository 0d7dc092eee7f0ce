/// Something that is not as it should be in a state file.
public struct Finding: Sendable, Hashable {
    /// How bad it is.
    public enum Severity: String, Sendable, Hashable {
        /// Somebody should look; nothing is wrong with the file.
        case notice
        /// What follows from something else does not; repairing loses nothing.
        case inconsistency
        /// Something was lost; repairing keeps what is left.
        case damage
    }

    /// How bad it is.
    public let severity: Severity
    /// What it is about: a block, a pool, the file.
    public let subject: String
    /// What is wrong and what repairing does, or did.
    public let problem: String

    init(_ severity: Severity, _ subject: String, _ problem: String) {
        self.severity = severity
        self.subject = subject
        self.problem = problem
    }
}

extension Finding: CustomStringConvertible {
    /// `severity: subject: problem` on one line.
    public var description: String { "\(severity.rawValue): \(subject): \(problem)" }
}
