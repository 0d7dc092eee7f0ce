public import JSONTree

extension JSONFieldPath {
    /// `metadata`.
    public static let metadata = root.appending("metadata")
    /// `spec`.
    public static let spec = root.appending("spec")
    /// `status`.
    public static let status = root.appending("status")

    /// The part of the path behind its first `count` steps.
    func dropFirst(_ count: Int) -> JSONFieldPath {
        steps.dropFirst(count).reduce(.root) { path, step in
            switch step {
            case .key(let key): path.appending(key)
            case .index(let index): path.appending(index)
            }
        }
    }
}
