import IPAMCore
import IPAMEngine

/// Pools and requests as the tests of the engine use them.
enum Sample {
    static func pool(_ name: String, _ ranges: String...) throws -> PoolCandidate {
        PoolCandidate(pool: name, addresses: try AddressSet(parsing: ranges))
    }

    static func request(
        _ uid: String, container: String? = nil, interface: String = "eth0", at seconds: Int64 = 0,
        from pools: [PoolCandidate]..., existing: [PoolCandidate] = []
    ) -> ClaimRequest {
        ClaimRequest(
            owner: Claim.Owner(namespace: "shop", name: "web-\(uid)", uid: uid), interface: interface,
            containerID: container ?? "c-\(uid)", network: "rack", node: "n1", now: Timestamp(seconds: seconds),
            demands: pools.map { FamilyDemand(family: $0.first?.addresses.family ?? .ipv4, candidates: $0) },
            declaredAddresses: Dictionary(
                (pools.flatMap { $0 } + existing).map { ($0.pool, $0.addresses) },
                uniquingKeysWith: { first, _ in first }))
    }
}

extension MemoryStore {
    /// The addresses that a request gets, as text.
    mutating func claim(_ request: ClaimRequest) throws -> [String] {
        var process = ClaimProcess(request)
        return try run(&process).map(\.address.description)
    }

    /// The addresses that a release frees, as text.
    mutating func release(_ container: String, _ interface: String = "eth0", at seconds: Int64 = 0) throws -> [String] {
        var process = ReleaseProcess(
            Claim.Attachment(containerID: container, interface: interface), now: Timestamp(seconds: seconds))
        return try run(&process).map(\.address.description)
    }
}

/// A store that lets somebody else write first, a given number of times.
struct ContestedStore: BlockStore {
    var store = MemoryStore()
    var interferences: [ClaimRequest]
    private(set) var conflicts = 0

    init(interferences: [ClaimRequest]) { self.interferences = interferences }

    mutating func answer(_ question: StoreQuestion) throws(Never) -> StoreAnswer {
        if case .write = question, let other = interferences.popLast() {
            var process = ClaimProcess(other)
            _ = try? store.run(&process)
        }
        let answer = store.answer(question)
        if case .conflict = answer { conflicts += 1 }
        return answer
    }
}
