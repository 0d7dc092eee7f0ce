import IPAMCore
import JSONTree
import PoolModel
import Testing

@Suite struct PoolSelectionOutcomeTests {
    @Test("T04, T05, T32: families of the default pools")
    func families() throws {
        let pools = [
            try pool("six", #"{"subnet": "fd00::/64", "default": true}"#),
            try pool("four", #"{"subnet": "10.0.0.0/24", "default": true}"#),
            try pool("other", #"{"subnet": "10.1.0.0/24"}"#),
        ]
        let both = PoolSelection(PoolRequest(interface: "eth0"), facts: SelectionFacts(), pools: pools)
        #expect(try PoolSelectionTests.names(both) == [["four"], ["six"]])
        let only = PoolSelection(
            PoolRequest(interface: "eth0", families: [.ipv6]), facts: SelectionFacts(), pools: pools)
        #expect(try PoolSelectionTests.names(only) == [["six"]])
        let none = PoolSelection(PoolRequest(interface: "eth0"), facts: SelectionFacts(), pools: [pools[2]])
        let error = try #require(throws: PoolSelectionError.self) { try none.outcome.get() }
        #expect("\(error)".hasPrefix("no IPPool available: "))
        #expect("\(error)".contains("spec.default: true"))
    }

    @Test("T36, W-27: a pool that does not exist is passed over as long as another serves")
    func missing() throws {
        let healthy = try pool("b", #"{"subnet": "10.0.0.0/24"}"#)
        let selection = PoolSelectionTests.select(["gone", "b"], [healthy])
        #expect(try PoolSelectionTests.names(selection) == [["b"]])
        #expect(selection.considered[0].verdicts.map(\.refusal?.description) == ["no such IPPool gone", nil])
        let error = try #require(throws: PoolSelectionError.self) {
            try PoolSelectionTests.select(["gone", "lost"], [healthy]).outcome.get()
        }
        #expect(
            "\(error)" == "no IPPool available, all IPv4 IPPools [gone lost] of eth0 filtered out: "
                + "[no such IPPool gone, no such IPPool lost]")
    }

    @Test("a terminating pool, and every reason of a list in its order")
    func reasons() throws {
        var terminating = try pool("t", #"{"subnet": "10.0.0.0/24", "disable": true}"#)
        terminating.metadata.deletionTimestamp = "2026-01-31T12:00:00Z"
        let pools = [
            terminating, try pool("d", #"{"subnet": "10.0.0.0/24", "disable": true}"#),
            try pool("six", #"{"subnet": "fd00::/64"}"#),
        ]
        let error = try #require(throws: PoolSelectionError.self) {
            try PoolSelectionTests.select(["d", "t", "six"], pools).outcome.get()
        }
        #expect(error.refusals.map(\.cause) == [.disabled, .terminating, .family(.ipv6, wanted: .ipv4)])
        #expect(
            "\(error)".contains(
                "IPv4 IPPools [d t six] of eth0 filtered out: [disabled IPPool d, terminating IPPool t, "))
    }

    @Test("T14: a name twice, and a malformed pattern, are wrong input")
    func wrongInput() throws {
        let pools = [try pool("a", #"{"subnet": "10.0.0.0/24"}"#)]
        let twice = try #require(throws: PoolSelectionError.self) {
            try PoolSelectionTests.select(["a", "*", "a"], pools).outcome.get()
        }
        #expect("\(twice)".hasPrefix("wrong input, duplicate IPPool a"))
        let malformed = try #require(throws: PoolSelectionError.self) {
            try PoolSelectionTests.select(["a[]*"], pools).outcome.get()
        }
        #expect("\(malformed)".hasPrefix("wrong input, "))
        #expect(malformed.code == .wrongInput)
    }

    @Test("T09, W-20: patterns without a match leave the family out, and fail when nothing remains")
    func unmatchedPatterns() throws {
        let pools = [try pool("a", #"{"subnet": "10.0.0.0/24", "default": true}"#)]
        let partly = PoolSelection(
            PoolSelectionTests.request(["a"], ipv6: ["v6-*"]), facts: SelectionFacts(), pools: pools)
        #expect(try PoolSelectionTests.names(partly) == [["a"]])
        #expect(partly.considered.map(\.unmatchedPatterns) == [[], ["v6-*"]])
        let error = try #require(throws: PoolSelectionError.self) {
            try PoolSelectionTests.select(["v4-*"], pools).outcome.get()
        }
        #expect("\(error)".hasPrefix("no IPPool available: "))
        #expect("\(error)".contains("\"v4-*\""))
        let disabled = PoolSelection(
            PoolRequest(interface: "net1", families: [.ipv6], sources: PoolSelectionTests.request(["a"]).sources),
            facts: SelectionFacts(),
            pools: pools)
        let nothing = try #require(throws: PoolSelectionError.self) { try disabled.outcome.get() }
        #expect("\(nothing)" == "no IPPool available: no IPv4/IPv6 pool specified for NIC net1")
    }

    @Test("one family that cannot be served fails the request")
    func oneFamilyFails() throws {
        let pools = [
            try pool("four", #"{"subnet": "10.0.0.0/24"}"#),
            try pool("six", #"{"subnet": "fd00::/64", "disable": true}"#),
        ]
        let selection = PoolSelection(
            PoolSelectionTests.request(["four"], ipv6: ["six"]), facts: SelectionFacts(), pools: pools)
        let error = try #require(throws: PoolSelectionError.self) { try selection.outcome.get() }
        #expect("\(error)".contains("all IPv6 IPPools [six] of eth0 filtered out: [disabled IPPool six]"))
        #expect(selection.considered.map { $0.candidates.map(\.name) } == [["four"], []])
    }

    @Test("the first source wins completely; an empty configuration is no source")
    func sources() throws {
        let pools = [try pool("a", #"{"subnet": "10.0.0.0/24", "default": true}"#)]
        #expect(PoolSource(cniConfiguration: [], ipv6: []) == nil)
        let sources = [
            PoolSource(origin: .cniConfiguration, names: [.ipv4: ["gone"]]),
            PoolSource(origin: .cniConfiguration, names: [.ipv4: ["a"]]),
        ]
        let selection = PoolSelection(
            PoolRequest(interface: "eth0", sources: sources), facts: SelectionFacts(), pools: pools)
        #expect(throws: PoolSelectionError.self) { try selection.outcome.get() }
    }
}

extension PoolSelectionTests {
    static func request(_ ipv4: [String], ipv6: [String] = []) -> PoolRequest {
        let source = PoolSource(cniConfiguration: ipv4, ipv6: ipv6)
        return PoolRequest(interface: "eth0", sources: source.map { [$0] } ?? [])
    }

    static func select(_ ipv4: [String], _ pools: [SpiderIPPool]) -> PoolSelection {
        PoolSelection(request(ipv4), facts: facts, pools: pools)
    }

    static func names(_ selection: PoolSelection) throws -> [[String]] {
        try selection.outcome.get().map { $0.candidates.map(\.name) }
    }
}
