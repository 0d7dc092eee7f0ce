public import IPAMCore
internal import IPAMEngine

extension EmbeddedStore {
    /// How many events are kept at least: the newest 100,000, some 25 MB with names as Kubernetes gives them.
    public static var maximumHistoryCount: Int64 { 100_000 }

    /// So many events come between two times that old ones are dropped. Neighbours share pages, each of which is written
    /// once then and not once for each event.
    static var historyInterval: Int64 { 32 }

    /// What happened, the oldest first.
    ///
    /// - Complexity: O(n) in the number of events, or in those of the one address that is asked for.
    public func history(_ filter: HistoryFilter = HistoryFilter()) throws(StoreError) -> [HistoryEvent] {
        let (condition, parameters) = filter.condition
        let limit = filter.limit.map { Int64(max(0, $0)) } ?? -1
        let newestFirst = try events("WHERE \(condition) ORDER BY id DESC LIMIT ?", parameters + [.integer(limit)])
        return newestFirst.reversed()
    }

    /// Who had an address at a moment.
    ///
    /// An event counts from its moment on. Of events in the wrong order, as a clock makes them that was set back, the one
    /// recorded last counts.
    ///
    /// - Complexity: O(n) in the number of events of the address.
    public func holder(of address: IPAddress, at moment: Timestamp) throws(StoreError) -> HistoricalHolder {
        let bytes = Value.blob(address.storageBytes)
        let latest = try events(
            "WHERE address = ? AND time <= ? ORDER BY id DESC LIMIT 1", [bytes, .integer(moment.milliseconds)]
        ).first
        if let latest {
            guard latest.leavesOwner else { return .nobody }
            let next = try events("WHERE address = ? AND id > ? ORDER BY id LIMIT 1", [bytes, .integer(latest.number)])
            return .held(HistoricalHolder.Tenure(latest, until: next.first?.time))
        }
        if let claim = try load(BlockKey(containing: address)).block.claim(on: address), claim.since <= moment {
            return .held(HistoricalHolder.Tenure(claim))
        }
        guard let begin = try historyBegin(), begin <= moment else { return .unknown(begin: try historyBegin()) }
        // Since all that came later is recorded, the first of it tells how things were before.
        let first = try events("WHERE address = ? ORDER BY id LIMIT 1", [bytes]).first
        guard let first, first.kind != .claimed, first.kind != .quarantined else { return .nobody }
        return .held(HistoricalHolder.Tenure(endingWith: first))
    }

    /// From when on every event is known; `nil` when the file does not say.
    ///
    /// That is the oldest event when older ones were dropped, otherwise the moment when the history was begun.
    public func historyBegin() throws(StoreError) -> Timestamp? {
        let start = try meta("history") { Timestamp(milliseconds: $0.integer(0)) }
        let oldest = try database.first("SELECT id, time FROM history ORDER BY id LIMIT 1") {
            (number: $0.integer(0), time: Timestamp(milliseconds: $0.integer(1)))
        }
        guard let oldest else { return start }
        return oldest.number == 1 ? start.map { min($0, oldest.time) } : oldest.time
    }

    /// Adds events, and now and then drops the oldest beyond the limit, at most two for each that was added.
    ///
    /// - Precondition: runs inside ``transaction(durably:_:)``.
    func record(_ events: [HistoryEvent]) throws(StoreError) {
        for event in events {
            try database.run(
                """
                INSERT INTO history(
                    time, event, address, pool, namespace, name, uid, interface, container, node, sequence,
                    holder)
                VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .integer(event.time.milliseconds), .text(event.kind.rawValue), .blob(event.address.storageBytes),
                    .text(event.pool), .text(event.owner.namespace), .text(event.owner.name), .text(event.owner.uid),
                    .text(event.interface), .text(event.containerID), .text(event.node),
                    .integer(Int64(bitPattern: event.sequence)), .text(event.holder?.description ?? ""),
                ])
            let number = database.lastInsertedRow
            guard number > historyLimit, number % Self.historyInterval == 0 else { continue }
            try database.run(
                "DELETE FROM history WHERE id <= ? AND id < (SELECT min(id) FROM history) + ?",
                [.integer(number - historyLimit), .integer(2 * Self.historyInterval)])
        }
    }

    /// The events that a condition selects, in its order; what cannot be read is passed over.
    private func events(_ condition: String, _ parameters: [Value]) throws(StoreError) -> [HistoryEvent] {
        var events: [HistoryEvent] = []
        try database.query(
            """
            SELECT id, time, event, address, pool, namespace, name, uid, interface, container, node, sequence, holder
            FROM history \(condition)
            """, parameters
        ) { row in
            guard let address = IPAddress(storageBytes: row.blob(3)) else { return true }
            let time = Timestamp(milliseconds: row.integer(1))
            let claim = Claim(
                address: address, pool: row.text(4),
                owner: Claim.Owner(namespace: row.text(5), name: row.text(6), uid: row.text(7)),
                interface: row.text(8), containerID: row.text(9), node: row.text(10),
                sequence: UInt64(bitPattern: row.integer(11)), since: time)
            var event = HistoryEvent(HistoryEvent.Kind(rawValue: row.text(2)), claim, at: time)
            event.number = row.integer(0)
            event.holder = MACAddress(row.text(12))
            events.append(event)
            return true
        }
        return events
    }
}
