/// A shell pattern for pool names: `*` any run of characters, `?` one character, `[a-z]` and `[^a-z]` one character
/// of a class, `\` takes the next character as it is. Neither wildcard nor class matches a `/`.
///
/// ```swift
/// let pattern = try NamePattern(parsing: "rack-[a-c]-*")
/// pattern.matches("rack-b-v4")  // true
/// ```
///
/// Matching goes back to the last `*` only, so it takes at most pattern length × text length steps.
public struct NamePattern: Sendable, Hashable {
    enum Element: Sendable, Hashable {
        case literal(Unicode.Scalar)
        case anyOne
        case anyRun
        case oneOf([ClosedRange<Unicode.Scalar>], negated: Bool)
    }

    /// The pattern as written.
    public let text: String
    let elements: [Element]

    /// Whether a name in a list is meant as a pattern: it holds `*`, `?`, or both `[` and `]`.
    public static func isPattern(_ name: String) -> Bool {
        let bytes = name.utf8
        return bytes.contains(UInt8(ascii: "*")) || bytes.contains(UInt8(ascii: "?"))
            || bytes.contains(UInt8(ascii: "[")) && bytes.contains(UInt8(ascii: "]"))
    }

    /// Whether the whole of `name` fits the pattern.
    ///
    /// - Complexity: O(*p* · *n*) in the lengths of pattern and name.
    public func matches(_ name: String) -> Bool {
        let scalars = Array(name.unicodeScalars)
        var position = 0
        var element = 0
        /// Where to go on after the last `*`, and up to where it reaches so far.
        var retry: (element: Int, position: Int)?
        while position < scalars.count || element < elements.count {
            if element < elements.count {
                if elements[element] == .anyRun {
                    retry = (element, position)
                    element += 1
                    continue
                }
                if position < scalars.count, elements[element].accepts(scalars[position]) {
                    element += 1
                    position += 1
                    continue
                }
            }
            guard let last = retry, last.position < scalars.count, scalars[last.position] != "/" else { return false }
            retry = (last.element, last.position + 1)
            element = last.element + 1
            position = last.position + 1
        }
        return true
    }
}

extension NamePattern.Element {
    func accepts(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .literal(let expected): scalar == expected
        case .anyOne: scalar != "/"
        case .anyRun: false
        case .oneOf(let ranges, let negated):
            scalar != "/" && ranges.contains { $0.contains(scalar) } != negated
        }
    }
}

extension NamePattern: CustomStringConvertible {
    /// The pattern as written.
    public var description: String { text }
}
