internal import CSQLite

/// The prepared statements of one connection, by their text.
///
/// Preparing costs more than running most of our statements. There are few, so they stand in a list; those that are
/// running are not in it.
final class StatementCache {
    private var idle: [(sql: String, statement: OpaquePointer)] = []

    /// As many as are kept; nothing of ours needs that many at once.
    private static let limit = 32

    /// A statement with this text that nobody uses, ready to bind; the caller gives it back.
    func take(_ sql: String) -> OpaquePointer? {
        guard let index = idle.lastIndex(where: { $0.sql == sql }) else { return nil }
        return idle.remove(at: index).statement
    }

    /// Ends a run and keeps the statement for the next.
    func giveBack(_ statement: OpaquePointer, of sql: String) {
        sqlite3_reset(statement)
        sqlite3_clear_bindings(statement)
        if idle.count == Self.limit { sqlite3_finalize(idle.removeFirst().statement) }
        idle.append((sql, statement))
    }

    /// Ends all of them, as must be before the connection closes.
    func removeAll() {
        for entry in idle { sqlite3_finalize(entry.statement) }
        idle = []
    }
}
