extension NetlinkError.Code {
    /// The network namespace is no more: nothing is at its path, nothing is mounted on the file that it was pinned to, or
    /// its process has ended.
    public static let gone = Self(rawValue: "gone")
    /// What is there is not, and was not, a network namespace.
    public static let notANamespace = Self(rawValue: "not a network namespace")
}
