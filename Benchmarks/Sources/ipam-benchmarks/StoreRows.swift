import EmbeddedStore
import Glibc
import IPAMCore
import IPAMEngine

/// What an ADD and a DEL cost in the state file, by the number of addresses in use: it must not grow.
///
/// Every claim and every release is a transaction of its own, as it is in the plugin; opening the file is not timed.
func storeRows() -> [Row] {
    let group = "state file"
    let sizes = [0, 10_000, 100_000]
    let folder = "/tmp/ipam-benchmarks-store.\(getpid())"
    mkdir(folder, 0o700)
    defer {
        for size in sizes { for suffix in ["", "-wal", "-shm"] { unlink("\(folder)/\(size).db\(suffix)") } }
        rmdir(folder)
    }
    do {
        let pool = PoolCandidate(pool: "p", addresses: AddressSet(try CIDR(parsing: "10.0.0.0/12")))
        let contenders = try sizes.map { size in
            let stand = StoreStand(store: try EmbeddedStore(creating: "\(folder)/\(size).db"), pool: pool)
            try stand.fill(size)
            return Contender("claim and release, \(size) addresses in use", operations: 200) { stand.pairs(200) }
        }
        var rows = measure(group, rounds: 11, contenders).map { row in
            Row(
                group, row.name, samples: [row.minimum, row.median, row.maximum].map { $0 / 1000 }, unit: "µs",
                allocations: row.allocations)
        }
        rows.append(
            Row(
                group, "claim and release at \(sizes[2]) against 0", value: rows[2].median / rows[0].median, unit: "×",
                target: .atMost(1.3)))
        return rows
    } catch {
        fail("\(error)")
    }
}

/// A store and the requests that are made of it.
final class StoreStand {
    private var store: EmbeddedStore
    private let pool: PoolCandidate
    private var count = 0

    init(store: consuming EmbeddedStore, pool: PoolCandidate) {
        self.store = store
        self.pool = pool
    }

    private func request() -> ClaimRequest {
        count += 1
        let uid = "5b0e7d8a-9a4e-4a55-8a53-\(count)"
        return ClaimRequest(
            owner: Claim.Owner(namespace: "shop", name: "web-\(count)", uid: uid), interface: "eth0", containerID: uid,
            network: "rack", node: "node", now: Timestamp(seconds: Int64(count)),
            demands: [FamilyDemand(family: .ipv4, candidates: [pool])], declaredAddresses: [:])
    }

    /// Claims the first addresses of the pool in one transaction, block after block: a million takes seconds, not minutes.
    func fill(_ size: Int) throws {
        guard size > 0, var next = pool.addresses.lowest else { return }
        try store.transaction(durably: false) { store throws(StoreError) in
            var block = Block(BlockKey(containing: next))
            for index in 1...size {
                let request = request()
                let claim = Claim(
                    address: next, pool: pool.pool, owner: request.owner, interface: request.interface,
                    containerID: request.containerID, network: request.network, node: request.node, since: request.now)
                _ = block.claim(claim)
                guard let following = next.adding(1).flatMap({ pool.addresses.next(atOrAfter: $0) }) else { break }
                let key = BlockKey(containing: following)
                if key != block.key || index == size {
                    _ = try store.answer(.write([StoredBlock(block, version: 0)]))
                    block = Block(key)
                }
                next = following
            }
        }
    }

    func pairs(_ count: Int) -> Int {
        var sum = 0
        for _ in 0..<count {
            let request = request()
            do {
                sum &+= try store.transaction(durably: false) { store throws(EngineFailure<StoreError>) in
                    var process = ClaimProcess(request)
                    return try store.run(&process)
                }.count
                let attachment = Claim.Attachment(containerID: request.containerID, interface: request.interface)
                sum &+= try store.transaction(durably: false) { store throws(EngineFailure<StoreError>) in
                    var process = ReleaseProcess(attachment, now: request.now)
                    return try store.run(&process)
                }.count
            } catch {
                fail("\(error)")
            }
        }
        return sum
    }
}
