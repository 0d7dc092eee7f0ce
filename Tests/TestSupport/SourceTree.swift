/// The tree that the tests were built from.
public enum SourceTree {
    /// The path of something in it.
    ///
    /// - Parameter name: Relative to the tree.
    /// - Returns: the absolute path.
    public static func path(_ name: String) -> String {
        // …/Tests/TestSupport/SourceTree.swift
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        return "\(root)/\(name)"
    }
}
