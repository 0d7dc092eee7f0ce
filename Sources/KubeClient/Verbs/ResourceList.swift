/// The objects of a kind at one moment.
public struct ResourceList<Object: KubeDocument>: Sendable {
    /// The objects.
    public let items: [Object]
    /// The moment: a watch from here sees all that happens afterwards.
    public let resourceVersion: String
}
