/// What went wrong in a server or tool that a test uses, with what to do.
public struct SupportError: Error, Sendable, CustomStringConvertible {
    /// One line, or several with what a program printed last.
    public let description: String

    /// Makes an error.
    public init(_ description: String) { self.description = description }
}
