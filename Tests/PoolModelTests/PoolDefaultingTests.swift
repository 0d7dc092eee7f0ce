import IPAMCore
import JSONTree
import PoolModel
import Testing

struct MergeRow: Sendable, CustomTestStringConvertible {
    let subnet: String
    let given: [String]
    let stored: [String]
    var testDescription: String { "\(given)" }
}

@Suite struct PoolDefaultingTests {
    @Test("P1, P2: finalizer, version, label")
    func essentials() throws {
        let v4 = try pool("a", #"{"subnet": "10.16.0.0/16"}"#).defaulted()
        #expect(v4.spec.ipVersion == 4)
        #expect(v4.metadata.finalizers == ["spiderpool.spidernet.io"])
        #expect(v4.metadata.labels == ["ipam.spidernet.io/ippool-cidr": "10-16-0-0-16"])
        let v6 = try pool("a", #"{"subnet": "fd00:1::/64"}"#, labels: ["ipam.spidernet.io/ippool-cidr": "wrong"])
            .defaulted()
        #expect(v6.spec.ipVersion == 6)
        #expect(v6.metadata.labels == ["ipam.spidernet.io/ippool-cidr": "fd00-1---64"])
    }

    @Test("a subnet without a legal label value goes without the label")
    func noLabel() throws {
        let low = try pool("a", #"{"subnet": "::/64"}"#, labels: ["ipam.spidernet.io/ippool-cidr": "x", "k": "v"])
        #expect(low.defaulted().metadata.labels == ["k": "v"])
        #expect(low.defaulted().spec.ipVersion == 6)
    }

    @Test(
        "P8: ranges are merged",
        arguments: [
            MergeRow(
                subnet: "172.18.40.0/24",
                given: ["172.18.40.10", "172.18.40.1-172.18.40.2", "172.18.40.2-172.18.40.3"],
                stored: ["172.18.40.1-172.18.40.3", "172.18.40.10"]),
            MergeRow(subnet: "fd00::/64", given: ["fd00::a", "fd00::9"], stored: ["fd00::9-fd00::a"]),
            MergeRow(subnet: "10.0.0.0/24", given: ["10.0.0.5-10.0.0.5"], stored: ["10.0.0.5-10.0.0.5"]),
            MergeRow(
                subnet: "10.0.0.0/24", given: ["10.0.0.3-10.0.0.4", "10.0.0.1", "10.0.0.2", "10.0.0.9"],
                stored: ["10.0.0.1-10.0.0.4", "10.0.0.9"]),
            MergeRow(subnet: "fd00::/64", given: ["FD00:0::2", "fd00::0:1"], stored: ["fd00::1-fd00::2"]),
        ])
    func merge(row: MergeRow) {
        var pool = SpiderIPPool(named: "a", subnet: row.subnet, ips: row.given)
        pool.spec.excludeIPs = row.given
        #expect(pool.defaulted().spec.ips == row.stored)
        #expect(pool.defaulted().spec.excludeIPs == row.stored)
        #expect(pool.defaulted().defaulted() == pool.defaulted())
    }

    @Test(
        "all or nothing",
        arguments: [
            #"{"subnet": "10.0.0.1/24"}"#, #"{"subnet": "10.0.0.0/24", "ips": ["10.0.0.1", "x"]}"#,
            #"{"subnet": "10.0.0.0/24", "excludeIPs": ["10.0.0.9-10.0.0.1"]}"#,
            #"{"subnet": "10.0.0.0/24", "ips": ["fd00::1", "fd00::2"]}"#,
        ])
    func allOrNothing(spec: String) throws {
        let pool = try pool("a", spec)
        #expect(pool.defaulted() == pool)
        #expect(!pool.defaulted().validateCreation(among: []).isEmpty)
    }

    @Test("a terminating pool is left alone")
    func terminating() throws {
        var pool = try pool("a", #"{"subnet": "10.0.0.0/24"}"#)
        pool.metadata.deletionTimestamp = "2026-01-31T12:00:00Z"
        #expect(pool.defaulted() == pool)
    }
}
