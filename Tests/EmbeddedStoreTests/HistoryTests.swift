import Glibc
import IPAMCore
import IPAMEngine
import Testing

@testable import EmbeddedStore

@Suite struct HistoryTests {
    static func pool(_ ranges: String...) throws -> PoolCandidate {
        PoolCandidate(pool: "p", addresses: try AddressSet(parsing: ranges))
    }

    static func address(_ text: String) throws -> IPAddress { try IPAddress(parsing: text) }

    /// Who had an address, in one word: the container, `-` for nobody, `?` for not known.
    static func holder(
        _ address: String, _ seconds: Int64, in store: borrowing EmbeddedStore
    ) throws -> String {
        switch try store.holder(of: Self.address(address), at: Timestamp(seconds: seconds)) {
        case .held(let tenure): tenure.containerID
        case .nobody: "-"
        case .unknown: "?"
        }
    }

    /// Runs a change of the one block that holds 10.0.0.0 to 10.0.0.63.
    static func change(_ store: inout EmbeddedStore, _ body: (inout Block) -> Void) throws {
        let key = BlockKey(containing: try address("10.0.0.0"))
        try store.transaction(durably: false) { store throws(StoreError) in
            var stored = try store.load(key)
            body(&stored.block)
            _ = try store.answer(.write([stored]))
        }
    }

    @Test func theLifeOfAnAddressIsTold() throws {
        var store = try EmbeddedStore()
        let pool = try Self.pool("10.0.0.1")
        let one = try Self.address("10.0.0.1")
        _ = try store.claim(request("a", container: "a-1", at: 10, from: [pool]))
        _ = try store.claim(request("a", container: "a-1", at: 15, from: [pool]))
        _ = try store.claim(request("a", container: "a-2", at: 20, from: [pool]))
        _ = try store.release("a-1", at: 25)
        _ = try store.release("a-2", at: 30)
        try Self.change(&store) {
            _ = $0.quarantine(
                one, at: Timestamp(seconds: 40), until: Timestamp(seconds: 50), holder: MACAddress(bits: 0xa0b))
        }
        _ = try store.claim(request("b", at: 60, from: [pool]))
        let events = try store.history()
        #expect(
            events.map { "\($0.time.milliseconds / 1000) \($0.kind) \($0.containerID) \($0.pool)" } == [
                "10 claimed a-1 p", "20 moved a-2 p", "30 released a-2 p", "40 quarantined  ", "60 claimed b p",
            ])
        #expect(events.map(\.holder?.bits) == [nil, nil, nil, 0xa0b, nil])
        #expect(events.map(\.number) == [1, 2, 3, 4, 5])
        #expect(events.allSatisfy { $0.address == one })
        #expect(events[0].node == "n1" && events[0].interface == "eth0" && events[0].owner.uid == "a")
        #expect(events[0].sequence < events[1].sequence && events[1].sequence == events[2].sequence)
        #expect(try store.check().allSatisfy { $0.severity == .notice })
    }

    /// A tenure begins with its first millisecond and ends before that of its end.
    @Test func aMomentAtABorderBelongsToWhatBegins() throws {
        var store = try EmbeddedStore()
        let pool = try Self.pool("10.0.0.1")
        let one = try Self.address("10.0.0.1")
        _ = try store.claim(request("a", container: "a-1", at: 10, from: [pool]))
        _ = try store.claim(request("a", container: "a-2", at: 20, from: [pool]))
        _ = try store.release("a-2", at: 30)
        func at(_ milliseconds: Int64) throws -> HistoricalHolder {
            try store.holder(of: one, at: Timestamp(milliseconds: milliseconds))
        }
        #expect(try at(9_999) == .unknown(begin: Timestamp(seconds: 10)))
        guard case .held(let first) = try at(10_000), case .held(let second) = try at(29_999) else {
            Issue.record("the address had an owner")
            return
        }
        #expect(first.containerID == "a-1" && first.since == Timestamp(seconds: 10))
        #expect(first.until == Timestamp(seconds: 20))
        #expect(second.containerID == "a-2" && second.since == Timestamp(seconds: 20))
        #expect(second.until == Timestamp(seconds: 30))
        #expect(try at(19_999) == .held(first))
        #expect(try at(20_000) == .held(second))
        #expect(try at(30_000) == .nobody)
        #expect(try at(.max) == .nobody)
        #expect(try Self.holder("10.0.0.2", 10, in: store) == "-")
        #expect(try Self.holder("10.0.0.2", 9, in: store) == "?")
    }

    /// What the store says agrees with a list of all that was done, at every moment.
    @Test(arguments: [UInt64(1), 2, 3]) func agreesWithAListOfEvents(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var store = try EmbeddedStore()
        let pool = try Self.pool("10.0.0.60-10.0.0.70")
        var expected: [String] = []
        // For each address, what began when; an empty container when nobody had it from then on.
        var tenures: [String: [(since: Int64, container: String)]] = [:]
        for step in 1...300 {
            let now = Int64(step) * 10
            let uid = "u\(Int.random(in: 0..<14, using: &random))"
            let before = try store.claims()
            let own = before.first { $0.owner.uid == uid }
            if Bool.random(using: &random) {
                let container = "\(uid)-\(Int.random(in: 0..<2, using: &random))"
                guard let address = try? store.claim(request(uid, container: container, at: now, from: [pool])).first
                else { continue }
                guard own?.containerID != container else { continue }
                expected.append("\(now) \(own == nil ? "claimed" : "moved") \(address) \(container)")
                tenures[address, default: []].append((now, container))
            } else if let own {
                for address in try store.release(own.containerID, at: now) {
                    expected.append("\(now) released \(address) \(own.containerID)")
                    tenures[address, default: []].append((now, ""))
                }
            }
        }
        let told = try store.history().map {
            "\($0.time.milliseconds / 1000) \($0.kind) \($0.address) \($0.containerID)"
        }
        #expect(told == expected, "seed \(seed)")
        let begin = try #require(try store.history().first?.time).milliseconds / 1000
        for (address, list) in tenures {
            for moment in stride(from: begin, through: 3_000, by: 5) {
                let holder = list.last { $0.since <= moment }?.container ?? ""
                let answer = try Self.holder(address, moment, in: store)
                #expect(answer == (holder.isEmpty ? "-" : holder), "seed \(seed) \(address) at \(moment)")
            }
        }
        #expect(try store.check().allSatisfy { $0.severity == .notice })
    }

    /// Beyond the limit the oldest go, and every answer is either the one of the whole history or "not known".
    @Test func theNumberOfEventsIsBounded() throws {
        var random = SplitMix64(seed: 7)
        var whole = try EmbeddedStore()
        var bounded = try EmbeddedStore()
        bounded.historyLimit = 20
        let pool = try Self.pool("10.0.0.60-10.0.0.70")
        let lasting = request("lasting", at: 5, from: [pool])
        #expect(try whole.claim(lasting) == bounded.claim(lasting))
        for step in 1...200 {
            let uid = "u\(Int.random(in: 0..<9, using: &random))"
            if Bool.random(using: &random) {
                let wanted = request(uid, at: Int64(step) * 10, from: [pool])
                #expect(try whole.claim(wanted) == bounded.claim(wanted))
            } else {
                #expect(try whole.release(uid, at: Int64(step) * 10) == bounded.release(uid, at: Int64(step) * 10))
            }
            let count = try whole.history().count
            let kept = try bounded.history().count
            #expect(min(20, count)...min(20 + Int(EmbeddedStore.historyInterval), count) ~= kept)
        }
        #expect(try bounded.history() == whole.history().suffix(bounded.history().count))
        #expect(try bounded.history().count < whole.history().count)
        let begin = try #require(try bounded.historyBegin()).milliseconds / 1000
        for address in 60...70 {
            for moment in stride(from: Int64(5), through: 2_000, by: 5) {
                let answer = try Self.holder("10.0.0.\(address)", moment, in: bounded)
                if answer == "?" { #expect(moment < begin) }
                if moment >= begin || answer != "?" {
                    #expect(try answer == Self.holder("10.0.0.\(address)", moment, in: whole))
                }
            }
        }
        // Its event is gone, but not the claim; and when that ends, the end tells who had it.
        #expect(try Self.holder("10.0.0.60", 5, in: bounded) == "lasting")
        _ = try bounded.release("lasting", at: 3_000)
        let later = try #require(try bounded.historyBegin()).milliseconds / 1000
        #expect(try Self.holder("10.0.0.60", later, in: bounded) == "lasting")
        #expect(try Self.holder("10.0.0.60", later - 1, in: bounded) == "?")
        // A lower limit is reached in small steps.
        for step in 1...400 { _ = try bounded.claim(request("x", container: "\(step)", at: 4_000, from: [pool])) }
        bounded.historyLimit = 400
        for step in 1...800 {
            _ = try bounded.claim(request("x", container: "a\(step)", at: 4_000, from: [pool]))
        }
        let interval = Int(EmbeddedStore.historyInterval)
        #expect(400...400 + interval ~= (try bounded.history().count))
        bounded.historyLimit = 10
        for step in 1...4 * interval {
            let before = try bounded.history().count
            _ = try bounded.claim(request("x", container: "b\(step)", at: 4_000, from: [pool]))
            #expect(try bounded.history().count > before - 2 * interval)
        }
        for step in 1...20 * interval {
            _ = try bounded.claim(request("x", container: "c\(step)", at: 4_000, from: [pool]))
        }
        #expect(10...10 + interval ~= (try bounded.history().count))
    }

    @Test func filtersSelect() throws {
        var store = try EmbeddedStore()
        let pool = try Self.pool("10.0.0.1-10.0.0.9")
        for (index, name) in ["web-0", "web-1", "", "db"].enumerated() {
            var wanted = request("uid\(index)", container: "c\(index)%_", at: Int64(index), from: [pool])
            wanted.owner.name = name
            wanted.owner.namespace = name == "db" || name.isEmpty ? "" : "shop"
            _ = try store.claim(wanted)
        }
        _ = try store.claim(
            request("v6", at: 9, from: [PoolCandidate(pool: "q", addresses: try AddressSet(parsing: ["fd00::1"]))]))
        func uids(_ filter: HistoryFilter) throws -> [String] { try store.history(filter).map(\.owner.uid) }
        #expect(try uids(HistoryFilter()) == ["uid0", "uid1", "uid2", "uid3", "v6"])
        #expect(try uids(HistoryFilter(limit: 2)) == ["uid3", "v6"])
        #expect(try uids(HistoryFilter(limit: 0)) == [])
        #expect(try uids(HistoryFilter(address: Self.address("10.0.0.2"))) == ["uid1"])
        #expect(try uids(HistoryFilter(containerPrefix: "c1")) == ["uid1"])
        #expect(try uids(HistoryFilter(containerPrefix: "c1%")) == ["uid1"])
        #expect(try uids(HistoryFilter(containerPrefix: "%")) == [])
        #expect(try uids(HistoryFilter(containerPrefix: "")).count == 5)
        #expect(try uids(HistoryFilter(owner: "shop/web-0")) == ["uid0"])
        #expect(try uids(HistoryFilter(owner: "web-0")) == ["uid0"])
        #expect(try uids(HistoryFilter(owner: "db")) == ["uid3"])
        #expect(try uids(HistoryFilter(owner: "uid2")) == ["uid2"])
        #expect(try uids(HistoryFilter(owner: "uid0")) == [])
        #expect(try uids(HistoryFilter(pool: "q")) == ["v6"])
        #expect(try uids(HistoryFilter(since: Timestamp(seconds: 1), until: Timestamp(seconds: 3))).count == 3)
        #expect(try uids(HistoryFilter(owner: "web-1", pool: "q")) == [])
    }

    @Test func aClaimThatIsKeptAndResumedIsTold() throws {
        var store = try EmbeddedStore()
        let pool = try Self.pool("10.0.0.1")
        _ = try store.claim(request("a", container: "a-1", at: 10, from: [pool]))
        let claim = try #require(try store.claims().first)
        try Self.change(&store) { _ = $0.retain(claim.address, at: Timestamp(seconds: 20)) { _ in true } }
        _ = try store.claim(request("a", container: "a-2", at: 30, from: [pool]))
        #expect(try store.history(HistoryFilter(containerPrefix: "a-1")).map(\.kind) == [.claimed, .retained])
        #expect(try store.history().map(\.kind) == [.claimed, .retained, .resumed])
        #expect(try Self.holder("10.0.0.1", 10, in: store) == "a-1")
        #expect(try Self.holder("10.0.0.1", 30, in: store) == "a-2")
        guard case .held(let kept) = try store.holder(of: claim.address, at: Timestamp(seconds: 25)) else {
            Issue.record("the address had an owner")
            return
        }
        #expect(kept.isRetained && kept.owner.uid == "a" && kept.containerID == "")
    }

    @Test func anAddressThatChangesOwnersInOneWriteIsReleasedAndClaimed() throws {
        var store = try EmbeddedStore()
        _ = try store.claim(request("a", at: 10, from: [try Self.pool("10.0.0.1")]))
        let claim = try #require(try store.claims().first)
        try Self.change(&store) {
            _ = $0.release(claim.address, at: Timestamp(seconds: 20), restingUntil: Timestamp(seconds: 20)) { _ in true
            }
            var other = claim
            other.owner.uid = "b"
            other.containerID = "b"
            other.since = Timestamp(seconds: 20)
            _ = $0.claim(other)
        }
        #expect(
            try store.history().map { "\($0.time.milliseconds) \($0.kind) \($0.containerID)" }
                == ["10000 claimed a", "20000 released a", "20000 claimed b"])
        #expect(try Self.holder("10.0.0.1", 20, in: store) == "b")
    }

    @Test func aRebootAndARepairAreTold() throws {
        let folder = TemporaryFolder()
        var store = try EmbeddedStore(creating: folder.store)
        let pool = try Self.pool("10.0.0.1-10.0.0.9")
        _ = try store.claim(request("plain", at: 1, bootID: "boot-1", from: [pool]))
        _ = try store.claim(request("lasting", at: 2, from: [pool]))
        try store.transaction(durably: false) { store throws(StoreError) in
            _ = try store.dropVoidClaims(bootID: "boot-2", now: Timestamp(seconds: 3))
        }
        try store.damageBlocks()
        _ = try store.repair(now: Timestamp(seconds: 4))
        let told = try store.history().dropFirst(2).map {
            "\($0.time.milliseconds / 1000) \($0.kind) \($0.address) \($0.containerID)"
        }
        #expect(
            told == ["3 released 10.0.0.1 plain", "4 restored 10.0.0.2 lasting", "4 quarantined 10.0.0.1 "])
        #expect(try Self.holder("10.0.0.2", 3, in: store) == "lasting")
        #expect(try Self.holder("10.0.0.2", 4, in: store) == "lasting")
        _ = try store.repair(now: Timestamp(seconds: 5))
        #expect(try store.history().count == 5)
    }

    @Test func aProcessThatDiesInsideATransactionLeavesNeitherClaimNorHistory() async throws {
        let folder = TemporaryFolder()
        let path = folder.store
        var store = try EmbeddedStore(creating: path)
        _ = try store.claim(request("a", from: [try Self.pool("10.0.0.0-10.0.0.9")]))
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let pool = try HistoryTests.pool("10.0.0.0-10.0.0.9")
            var store = try EmbeddedStore(opening: path)
            try store.transaction(durably: false) { store throws(EngineFailure<StoreError>) in
                var process = ClaimProcess(request("b", from: [pool]))
                _ = try store.run(&process)
                guard (try? store.history().count) == 2 else { return }
                kill(getpid(), SIGKILL)
            }
        }
        #expect(try store.claims().map(\.owner.uid) == ["a"])
        #expect(try store.history().map(\.owner.uid) == ["a"])
        struct Refusal: Error {}
        #expect(throws: TransactionFailure<Refusal>.self) {
            try store.transaction(durably: false) { store throws(Refusal) in
                var process = ReleaseProcess(
                    Claim.Attachment(containerID: "a", interface: "eth0"), now: Timestamp(seconds: 1))
                _ = try? store.run(&process)
                throw Refusal()
            }
        }
        #expect(try store.history().map(\.kind) == [.claimed])
    }

    /// Makes a file as the programs wrote it that knew no history.
    static func turnIntoLayout1(_ store: borrowing EmbeddedStore) throws {
        try store.corrupt(
            "DROP TABLE history; DELETE FROM meta WHERE key = 'history'; PRAGMA user_version = 1")
    }

    @Test func aFileOfLayout1GetsAHistory() async throws {
        var before = timespec()
        clock_gettime(CLOCK_REALTIME, &before)
        let folder = TemporaryFolder()
        let path = folder.store
        let pool = try Self.pool("10.0.0.1-10.0.0.9")
        do {
            var store = try EmbeddedStore(creating: path)
            _ = try store.claim(request("a", at: 10, from: [pool]))
            _ = try store.claim(request("b", at: 10, from: [pool]))
            try Self.turnIntoLayout1(store)
        }
        // Many see the old layout at once; one makes the table.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { _ = try EmbeddedStore(opening: path) } }
            try await group.waitForAll()
        }
        var store = try EmbeddedStore(opening: path)
        #expect(try store.check().allSatisfy { $0.severity == .notice })
        #expect(try store.claims().map(\.owner.uid) == ["a", "b"])
        #expect(try store.history() == [])
        var after = timespec()
        clock_gettime(CLOCK_REALTIME, &after)
        let begin = try #require(try store.historyBegin())
        #expect(Int64(before.tv_sec)...Int64(after.tv_sec) ~= begin.milliseconds / 1000)
        // What still is known without a history is told, the rest is not guessed.
        #expect(try Self.holder("10.0.0.1", 10, in: store) == "a")
        #expect(try Self.holder("10.0.0.1", 9, in: store) == "?")
        #expect(try Self.holder("10.0.0.3", 10, in: store) == "?")
        let later = begin.milliseconds / 1000 + 100
        #expect(try Self.holder("10.0.0.3", later, in: store) == "-")
        #expect(try store.release("a", at: later) == ["10.0.0.1"])
        #expect(try Self.holder("10.0.0.1", later - 1, in: store) == "a")
        #expect(try Self.holder("10.0.0.1", later, in: store) == "-")
        #expect(try store.claim(request("c", at: later, from: [pool])) == ["10.0.0.3"])
        #expect(try store.history().map(\.kind) == [.released, .claimed])
    }

    @Test func anUpgradeThatFailsChangesNothing() throws {
        let folder = TemporaryFolder()
        do {
            let store = try EmbeddedStore(creating: folder.store)
            try Self.turnIntoLayout1(store)
            // In the way of the last but one statement.
            try store.corrupt("INSERT INTO meta VALUES('history', 0)")
        }
        #expect(throws: StoreError.self) { _ = try EmbeddedStore(opening: folder.store) }
        #expect(throws: StoreError.self) { _ = try EmbeddedStore(opening: folder.store) }
        let raw = try Database(path: folder.store, access: .readWrite, lockTimeout: .milliseconds(0))
        #expect(try raw.first("PRAGMA user_version") { $0.integer(0) } == 1)
        #expect(try raw.first("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'history%'") { $0.integer(0) } == 0)
    }
}
