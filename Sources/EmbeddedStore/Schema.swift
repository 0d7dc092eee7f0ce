/// The layout of the file.
///
/// `blocks` is the truth about addresses and `resources` about pools; everything else follows from these two and
/// could be computed again. `owners` finds a claim by the UID of its owner and by its container, which without
/// Kubernetes are the same and take one row. `touched` is the set of slots that were ever used, as a signed word;
/// `oldest_rest` is when the longest free address of the block was released, `rested_at` when the first has rested.
/// `history` is what happened to addresses, for people; nothing decides from it. `meta` has a row for each pool that
/// was used since the last change of a manifest, which says where its first address lies that was never used.
///
/// Every process reads the text of all tables and indices before it can do anything, so there are few.
enum Schema {
    /// "SPIP": tells `file` and us whose database it is.
    static let applicationID: Int64 = 0x5350_4950
    static let version: Int64 = 4

    /// Bytes of a page. A process writes and reads whole pages, and most of what changes is small.
    static let pageSize: Int64 = 1024

    static let statements = """
        CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
        CREATE TABLE resources(
            kind TEXT NOT NULL, name TEXT NOT NULL, family INTEGER, is_default INTEGER NOT NULL, body TEXT NOT NULL,
            PRIMARY KEY(kind, name)) WITHOUT ROWID;
        CREATE TABLE blocks(
            key BLOB NOT NULL UNIQUE, version INTEGER NOT NULL, touched INTEGER NOT NULL, oldest_rest INTEGER,
            rested_at INTEGER, body BLOB NOT NULL);
        CREATE INDEX blocks_by_rest ON blocks(oldest_rest, key, rested_at) WHERE oldest_rest IS NOT NULL;
        CREATE TABLE owners(
            owner TEXT NOT NULL, interface TEXT NOT NULL, address BLOB NOT NULL, is_container INTEGER NOT NULL,
            PRIMARY KEY(owner, interface, address)) WITHOUT ROWID;
        INSERT INTO meta VALUES('boot', '');
        \(history)
        PRAGMA application_id = \(applicationID);
        PRAGMA user_version = \(version);
        """

    /// What makes a file of an older layout one of the present; what it holds stays as it is.
    static func upgrade(from version: Int64) -> String {
        """
        \(version < 2 ? history : "ALTER TABLE history ADD COLUMN \(holderColumn);")
        DROP TABLE IF EXISTS cursors;
        DELETE FROM meta WHERE key = 'generation';
        PRAGMA user_version = \(Self.version);
        """
    }

    /// The hardware address that used what was quarantined, as text.
    private static let holderColumn = "holder TEXT NOT NULL DEFAULT ''"

    /// The numbers of the rows have no gaps, so the highest and the lowest tell how many there are. The row of `meta` says
    /// since when, in milliseconds of POSIX time, everything is recorded.
    private static let history = """
        CREATE TABLE history(
            id INTEGER PRIMARY KEY, time INTEGER NOT NULL, event TEXT NOT NULL, address BLOB NOT NULL,
            pool TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL, uid TEXT NOT NULL,
            interface TEXT NOT NULL, container TEXT NOT NULL, node TEXT NOT NULL, sequence INTEGER NOT NULL,
            \(holderColumn));
        CREATE INDEX history_by_address ON history(address);
        INSERT INTO meta VALUES('history', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER));
        """
}
