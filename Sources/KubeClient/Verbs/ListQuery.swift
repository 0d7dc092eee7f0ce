/// Which objects of a kind are meant.
public struct ListQuery: Sendable, Hashable {
    /// A selector over labels, as kubectl takes it: `app=web,tier!=test,zone in (a,b)`; empty for all.
    public var labels: String
    /// A selector over fields: `spec.nodeName=n7`, `metadata.name=web-0`; empty for all.
    public var fields: String
    /// How many objects come in one answer.
    public var limit: Int
    /// `nil`: what is stored now, read with a quorum. `"0"`: what the server's cache has, cheap and perhaps a little old.
    public var resourceVersion: String?

    /// Makes a query.
    public init(labels: String = "", fields: String = "", limit: Int = 500, resourceVersion: String? = nil) {
        self.labels = labels
        self.fields = fields
        self.limit = limit
        self.resourceVersion = resourceVersion
    }

    /// The selectors as parameters of a URL.
    var selectors: [(name: String, value: String)] {
        [("labelSelector", labels), ("fieldSelector", fields)].filter { !$0.1.isEmpty }
    }
}
