internal import Glibc

/// Why something could not be read from or written to the ledger.
public struct LedgerError: Error, Sendable, Hashable {
    /// What was tried, with its path.
    public let operation: String
    /// `errno`.
    public let number: Int32

    /// Makes an error.
    public init(_ operation: String, _ number: Int32) {
        self.operation = operation
        self.number = number
    }

    /// Whether there is no room left.
    public var isDiskFull: Bool { number == ENOSPC || number == EDQUOT }
}

extension LedgerError: CustomStringConvertible {
    /// One line.
    public var description: String { "ledger: cannot \(operation): \(String(cString: strerror(number)))" }
}
