import EmbeddedStore
import Glibc
import IPAMCore
import PoolModel
import Testing

/// The bytes of a state file and of what belongs to it.
struct StateImage {
    /// The file alone, its log, and the index of the log.
    static let names = ["ipam.db", "ipam.db-wal", "ipam.db-shm"]

    var files: [String: [UInt8]] = [:]

    init() {}

    /// Reads what is in a folder.
    init(of folder: TemporaryFolder) {
        for name in Self.names where folder.contains(name) { files[name] = folder.bytes(of: name) }
    }

    /// Makes a folder hold exactly this.
    func write(to folder: TemporaryFolder) {
        for name in Self.names {
            unlink(folder.path(name))
            if let bytes = files[name] { folder.write(bytes: bytes, to: name) }
        }
    }
}

/// What a state file says, without the times: two of them are equal when no caller could tell them apart.
struct StateContent: Equatable, CustomStringConvertible {
    var pools: [String] = []
    var claims: [String] = []
    var events: [String] = []

    /// Nothing is there yet: no file, or one without a layout.
    static let nothing = StateContent()

    /// Reads a file with the real store, which must find nothing wrong with it.
    init(of folder: TemporaryFolder) throws {
        let store: EmbeddedStore
        do throws(StoreError) {
            store = try EmbeddedStore(opening: folder.store, lockTimeout: .seconds(5))
        } catch {
            guard error.code == .missing else { throw error }
            return
        }
        let findings = try store.check().filter { $0.severity != .notice }
        #expect(findings.isEmpty)
        pools = try store.pools().map { "\($0.name) \($0.spec.ips)" }
        claims = try store.claims().map {
            "\($0.address) \($0.owner.uid) \($0.interface) \($0.containerID) \($0.state) \($0.isFixed)"
        }
        events = try store.history().map { "\($0.kind) \($0.address) \($0.containerID)" }
    }

    private init() {}

    var description: String { "pools \(pools), claims \(claims), events \(events)" }
}
