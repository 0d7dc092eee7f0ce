/// How a tree is written.
public struct JSONTextStyle: Sendable, Hashable {
    /// Blanks per level; `nil` writes everything on one line without any blank.
    public let indentation: Int?

    /// Whether members are written in the order of their keys' bytes instead of their own.
    public let sortsKeys: Bool

    /// Makes a style.
    public init(indentation: Int? = nil, sortsKeys: Bool = false) {
        self.indentation = indentation
        self.sortsKeys = sortsKeys
    }

    /// One line, no blanks, members in their own order.
    public static let compact = JSONTextStyle()
    /// Two blanks per level, members in their own order, no line end behind the last line.
    public static let pretty = JSONTextStyle(indentation: 2)
    /// One line, no blanks, members sorted.
    public static let compactSorted = JSONTextStyle(sortsKeys: true)
    /// Two blanks per level, members sorted.
    public static let prettySorted = JSONTextStyle(indentation: 2, sortsKeys: true)
}
