public import IPAMCore

/// Which events are wanted; all that is given must hold.
public struct HistoryFilter: Sendable, Hashable {
    /// Only this address.
    public var address: IPAddress?
    /// Only this container, by its ID or the beginning of it.
    public var containerPrefix: String?
    /// Only this workload: `namespace/name`, the name, or the UID of one that nobody named.
    public var owner: String?
    /// Only claims from this pool.
    public var pool: String?
    /// Nothing before this moment.
    public var since: Timestamp?
    /// Nothing after this moment.
    public var until: Timestamp?
    /// At most so many events, the newest; `nil` for all.
    public var limit: Int?

    /// Makes a filter.
    public init(
        address: IPAddress? = nil, containerPrefix: String? = nil, owner: String? = nil, pool: String? = nil,
        since: Timestamp? = nil, until: Timestamp? = nil, limit: Int? = nil
    ) {
        self.address = address
        self.containerPrefix = containerPrefix
        self.owner = owner
        self.pool = pool
        self.since = since
        self.until = until
        self.limit = limit
    }

    /// The conditions in SQL, and what to bind.
    var condition: (sql: String, parameters: [Value]) {
        var terms = ["TRUE"]
        var parameters: [Value] = []
        func add(_ term: String, _ values: Value...) {
            terms.append(term)
            parameters += values
        }
        if let address { add("address = ?", .blob(address.storageBytes)) }
        if let containerPrefix {
            add("substr(container, 1, length(?)) = ?", .text(containerPrefix), .text(containerPrefix))
        }
        if let owner {
            add(
                "(name = ? OR CASE WHEN name = '' THEN uid WHEN namespace = '' THEN name ELSE namespace || '/' || name END = ?)",
                .text(owner), .text(owner))
        }
        if let pool { add("pool = ?", .text(pool)) }
        if let since { add("time >= ?", .integer(since.milliseconds)) }
        if let until { add("time <= ?", .integer(until.milliseconds)) }
        return (terms.joined(separator: " AND "), parameters)
    }
}
