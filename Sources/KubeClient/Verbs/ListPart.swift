/// What comes out of a list that is read piece by piece.
public enum ListPart<Object: KubeDocument>: Sendable {
    /// One object.
    case item(Object)
    /// The list begins anew: what came so far does not count.
    case restart
}
