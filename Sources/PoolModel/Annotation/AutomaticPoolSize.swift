/// How many addresses an automatic pool is to have.
public enum AutomaticPoolSize: Sendable, Hashable {
    /// This many, whatever the number of replicas.
    case fixed(Int)
    /// One for each replica, and this many to spare.
    case flexible(Int)

    /// Reads `5` or `+2`; `nil` for anything else.
    public init?(_ text: String) {
        let digits = text.hasPrefix("+") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int(digits)
        else { return nil }
        self = text.hasPrefix("+") ? .flexible(number) : .fixed(number)
    }
}
