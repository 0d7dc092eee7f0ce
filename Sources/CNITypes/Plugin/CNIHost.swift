/// What surrounds an invocation, as values, so that tests can stand in for the operating system.
public struct CNIHost {
    /// The environment variables.
    public var environment: [String: String]

    /// Reads standard input to its end, within the time that the command has.
    public var readInput: (CNICommand) throws(CNIError) -> [UInt8]

    /// Writes a whole document to standard output; returns whether that worked.
    public var writeOutput: ([UInt8]) -> Bool

    /// Writes a line to standard error.
    public var writeDiagnostics: (String) -> Void

    /// Tells what a path given as a network namespace is.
    public var namespaceKind: (String) -> NamespaceKind

    /// Makes surroundings.
    public init(
        environment: [String: String], readInput: @escaping (CNICommand) throws(CNIError) -> [UInt8],
        writeOutput: @escaping ([UInt8]) -> Bool, writeDiagnostics: @escaping (String) -> Void,
        namespaceKind: @escaping (String) -> NamespaceKind
    ) {
        self.environment = environment
        self.readInput = readInput
        self.writeOutput = writeOutput
        self.writeDiagnostics = writeDiagnostics
        self.namespaceKind = namespaceKind
    }
}
