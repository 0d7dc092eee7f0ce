extension NamePattern {
    /// What is wrong with a pattern.
    public struct ParseError: Error, Sendable, Hashable, CustomStringConvertible {
        /// The pattern as written.
        public let text: String
        /// What is wrong, and how to put it right.
        public let problem: String

        /// `pattern "x": problem`.
        public var description: String { "pattern \(text.quoted): \(problem)" }
    }

    /// Reads a pattern.
    ///
    /// - Throws: ``ParseError`` for a class that is empty, not closed or runs downwards, and for a `\` at the end.
    public init(parsing text: String) throws(ParseError) {
        var scalars = text.unicodeScalars[...]
        var elements: [Element] = []
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "*": if elements.last != .anyRun { elements.append(.anyRun) }
            case "?": elements.append(.anyOne)
            case "[": elements.append(try Self.parseClass(&scalars, in: text))
            case "\\": elements.append(.literal(try Self.escaped(&scalars, in: text)))
            default: elements.append(.literal(scalar))
            }
        }
        self.text = text
        self.elements = elements
    }

    private static func escaped(_ scalars: inout Substring.UnicodeScalarView, in text: String) throws(ParseError)
        -> Unicode.Scalar
    {
        guard let scalar = scalars.popFirst() else {
            throw ParseError(text: text, problem: "nothing follows the last \"\\\"; write \"\\\\\" for a backslash")
        }
        return scalar
    }

    private static func parseClass(_ scalars: inout Substring.UnicodeScalarView, in text: String) throws(ParseError)
        -> Element
    {
        let unclosed = ParseError(
            text: text, problem: "a \"[\" is not closed; add \"]\", or write \"\\[\" for the character")
        var ranges: [ClosedRange<Unicode.Scalar>] = []
        let negated = scalars.first == "^"
        if negated { scalars.removeFirst() }
        while true {
            guard let next = scalars.first else { throw unclosed }
            if next == "]", !ranges.isEmpty {
                scalars.removeFirst()
                return .oneOf(ranges, negated: negated)
            }
            let low = try classMember(&scalars, in: text)
            var high = low
            if scalars.first == "-" {
                scalars.removeFirst()
                guard !scalars.isEmpty else { throw unclosed }
                high = try classMember(&scalars, in: text)
            }
            guard low <= high else {
                throw ParseError(text: text, problem: "the range \"\(low)-\(high)\" runs downwards")
            }
            ranges.append(low...high)
        }
    }

    private static func classMember(_ scalars: inout Substring.UnicodeScalarView, in text: String) throws(ParseError)
        -> Unicode.Scalar
    {
        guard let scalar = scalars.first, scalar != "]", scalar != "-" else {
            throw ParseError(
                text: text,
                problem: "a class such as \"[a-z]\" must not be empty; write \"\\]\" or \"\\-\" for these characters")
        }
        scalars.removeFirst()
        return scalar == "\\" ? try escaped(&scalars, in: text) : scalar
    }
}
