import IPAMCore
import JSONTree
import PoolModel
import Testing

struct CountRow: Sendable, CustomTestStringConvertible {
    let spec: String
    let count: Int64
    var testDescription: String { spec }
}

@Suite struct ResolvedPoolTests {
    @Test(
        "counters",
        arguments: [
            CountRow(spec: #"{"subnet": "10.0.0.0/24"}"#, count: 0),
            CountRow(
                spec:
                    #"{"subnet": "10.6.0.0/16", "ips": ["10.6.168.101-10.6.168.110"], "excludeIPs": ["10.6.168.105"]}"#,
                count: 9),
            CountRow(
                spec: #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.1"], "excludeIPs": ["10.0.0.0-10.0.0.255"]}"#,
                count: 0),
            CountRow(spec: #"{"subnet": "::/64", "ips": ["::1-::5"]}"#, count: 5),
            CountRow(spec: #"{"subnet": "0.0.0.0/24", "ips": ["0.0.0.1-0.0.0.3"]}"#, count: 3),
            CountRow(spec: #"{"subnet": "fd00::/64", "ips": ["fd00::1-fd00::ffff:ffff:ffff:ffff"]}"#, count: .max),
            CountRow(spec: #"{"subnet": "fd00::/64", "ips": ["fd00::1-fd00::7fff:ffff:ffff:ffff"]}"#, count: .max),
            CountRow(spec: #"{"subnet": "fd00::/64", "ips": ["fd00::1-fd00::7fff:ffff:ffff:fffe"]}"#, count: .max - 1),
        ])
    func counters(row: CountRow) throws {
        #expect(try ResolvedPool(pool("a", row.spec)).totalCount == row.count)
    }

    @Test("T92: exclusions of a huge pool")
    func hugePool() throws {
        let resolved = try ResolvedPool(
            pool(
                "a",
                """
                {"subnet": "fd12:3456:789a::/48", "excludeIPs": ["fd12:3456:789a:baba::1-fd12:3456:789a:baba::10"],
                 "ips": ["fd12:3456:789a:baba::1-fd12:3456:789a:baba:ffff:ffff:ffff:ffff"]}
                """))
        #expect(resolved.addresses.lowest == (try address("fd12:3456:789a:baba::11")))
        #expect(resolved.totalCount == .max)
    }

    @Test("routes: the pool's, then the default route unless the gateway stays clean")
    func routes() throws {
        let resolved = try ResolvedPool(
            pool(
                "a",
                """
                {"subnet": "10.6.0.0/16", "gateway": "10.6.0.1",
                 "routes": [{"dst": "172.20.9.9/16", "gw": "10.6.0.254"}, {"dst": "10.0.0.0/8", "gw": "10.6.0.2"}]}
                """))
        let own = ["172.20.0.0/16 via 10.6.0.254", "10.0.0.0/8 via 10.6.0.2"]
        #expect(resolved.routes(cleanGateway: true).map(\.description) == own)
        #expect(resolved.routes(cleanGateway: false).map(\.description) == own + ["0.0.0.0/0 via 10.6.0.1"])
        let bare = try ResolvedPool(pool("a", #"{"subnet": "fd00::/64"}"#))
        #expect(bare.routes(cleanGateway: false) == [])
        let v6 = try ResolvedPool(pool("a", #"{"subnet": "fd00::/64", "gateway": "fd00::1"}"#))
        #expect(v6.routes(cleanGateway: false).map(\.description) == ["::/0 via fd00::1"])
    }

    @Test(
        "what admission would refuse is not resolved",
        arguments: [
            #"{"subnet": "10.0.0.1/24"}"#, #"{"subnet": "10.0.0.0/24", "ips": ["10.0.1.1"]}"#,
            #"{"subnet": "10.0.0.0/24", "gateway": "nonsense"}"#,
            #"{"subnet": "10.0.0.0/24", "routes": [{"dst": "10.9.0.0/16", "gw": ""}]}"#,
        ])
    func refused(spec: String) throws {
        let error = try #require(throws: InvalidResource.self) { try ResolvedPool(pool("a", spec)) }
        #expect(error.name == "a")
    }

    @Test("overlap and use agree with sets of numbers", arguments: [11, 12] as [UInt64])
    func model(seed: UInt64) throws {
        var random = TestRandom(state: seed)
        for _ in 0..<500 {
            let (one, ownMembers) = Self.randomPool("a", &random)
            let (other, otherMembers) = Self.randomPool("b", &random)
            #expect(try Int64(ownMembers.count) == ResolvedPool(one).totalCount, "seed \(seed): \(one.spec)")
            let collides = one.validateCreation(among: [other]).contains { $0.type == .forbidden }
            #expect(collides != ownMembers.isDisjoint(with: otherMembers), "seed \(seed): \(one.spec) \(other.spec)")
            let host = Int.random(in: 0..<64, using: &random)
            let inUse = [AddressInUse(try address("10.0.0.\(host)"), owner: "x")]
            let refused = !one.validateUpdate(from: one, among: [], inUse: inUse).isEmpty
            #expect(refused != ownMembers.contains(host), "seed \(seed): \(one.spec) \(host)")
        }
    }

    private static func randomPool(_ name: String, _ random: inout TestRandom) -> (SpiderIPPool, Set<Int>) {
        var members: Set<Int> = []
        var pool = SpiderIPPool(named: name, subnet: "10.0.0.0/24")
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let low = Int.random(in: 0..<60, using: &random)
            let high = Int.random(in: low..<min(low + 9, 64), using: &random)
            pool.spec.ips.append("10.0.0.\(low)-10.0.0.\(high)")
            members.formUnion(low...high)
        }
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            let low = Int.random(in: 0..<60, using: &random)
            pool.spec.excludeIPs.append("10.0.0.\(low)")
            members.remove(low)
        }
        return (pool.defaulted(), members)
    }
}
