/// How the interfaces of a Pod are coordinated.
public enum CoordinationMode: String, Sendable, Hashable, CaseIterable {
    /// Underlay when the Pod's first interface is coordinated or the auxiliary link is there, else overlay.
    case auto
    /// An auxiliary veth pair carries what passes between the Pod and its node.
    case underlay
    /// The Pod's first interface, which another network made, carries it.
    case overlay
    /// Nothing is done.
    case disable

    /// Reads the word of a configuration; `disabled` is another spelling of ``disable``.
    ///
    /// - Parameter word: The word, in lower case.
    public init?(word: String) {
        if word == "disabled" { self = .disable } else { self.init(rawValue: word) }
    }
}
