import EmbeddedStore
import Glibc
import IPAMCore
import IPAMEngine
import PoolModel

/// A folder of its own that disappears with the value.
final class TemporaryFolder: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/embedded-store-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? ""
        }
        precondition(!path.isEmpty, "no temporary folder")
    }

    deinit {
        for name in ["ipam.db", "ipam.db-wal", "ipam.db-shm", "other"] { unlink("\(path)/\(name)") }
        rmdir("\(path)/deep")
        rmdir(path)
    }

    var store: String { "\(path)/ipam.db" }

    func bytes(of name: String) -> [UInt8]? {
        guard let file = fopen("\(path)/\(name)", "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return bytes
    }

    func write(bytes: [UInt8], to name: String) {
        guard let file = fopen("\(path)/\(name)", "w") else { return }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }

    func write(_ text: String, to name: String) {
        guard let file = fopen("\(path)/\(name)", "w") else { return }
        fputs(text, file)
        fclose(file)
    }
}

func request(
    _ uid: String, container: String? = nil, at seconds: Int64 = 0, bootID: String = "", from pools: [PoolCandidate]
) -> ClaimRequest {
    ClaimRequest(
        owner: Claim.Owner(uid: uid), interface: "eth0", containerID: container ?? uid, network: "rack", node: "n1",
        bootID: bootID, now: Timestamp(seconds: seconds),
        demands: pools.map { FamilyDemand(family: $0.addresses.family ?? .ipv4, candidates: [$0]) },
        declaredAddresses: Dictionary(pools.map { ($0.pool, $0.addresses) }, uniquingKeysWith: { first, _ in first }))
}

extension EmbeddedStore {
    mutating func claim(_ request: ClaimRequest) throws -> [String] {
        try transaction(durably: false) { store throws(EngineFailure<StoreError>) in
            var process = ClaimProcess(request)
            return try store.run(&process)
        }.map(\.address.description)
    }

    mutating func release(_ container: String, at seconds: Int64 = 0) throws -> [String] {
        try transaction(durably: false) { store throws(EngineFailure<StoreError>) in
            var process = ReleaseProcess(
                Claim.Attachment(containerID: container, interface: "eth0"), now: Timestamp(seconds: seconds))
            return try store.run(&process)
        }.map(\.address.description)
    }
}

extension EmbeddedStore {
    func select(_ request: PoolRequest, facts: SelectionFacts, owned: [Claim] = []) throws -> PreparedSelection {
        let selection = PoolSelection(request, facts: facts, pools: try pools(consideredBy: request))
        return try PreparedSelection(
            selection, owned: owned, ownedPools: try pools(named: owned.map(\.pool)), reservations: try reservations())
    }
}
