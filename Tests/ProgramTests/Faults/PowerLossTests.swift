import EmbeddedStore
import Glibc
import IPAMCore
import JSONTree
import PoolModel
import Testing

/// The power is cut: what was not synced is lost, in part and in any order.
@Suite struct PowerLossTests {
    /// Runs the real programs on a new host, and records what they write.
    static func record() throws -> WriteRecord {
        let host = Host.empty()
        var record = WriteRecord(startingWith: StateImage())
        var promise = WriteRecord.Promise()
        func run(_ arguments: [String], _ environment: [String: String] = [:], _ input: String) throws -> Outcome {
            let command = Trace.command(
                arguments, recording: WriteRecord.calls, to: host.folder.path("calls"), hex: true)
            let outcome = try RunningProgram(command, environment: environment, input: input, in: host.folder).wait()
            try #require(outcome.status == 0, "\(outcome.refusal) \(outcome.diagnostics)")
            try record.add(Trace.calls(in: host.folder.read("calls")))
            return outcome
        }
        func apply(_ manifests: String, _ pools: String...) throws {
            _ = try run([Program.spiderpoolctl, "--store", host.folder.store, "apply", "-f", "-"], [:], manifests)
            promise.pools += pools
            record.steps.append(.promise(promise))
        }
        func plugin(_ command: String, _ container: String, identity: String? = nil) throws {
            var keys: JSONObject = ["default_ipv4_ippool": ["d"]]
            keys["identity"] = identity.map { .string($0) }
            let outcome = try run(
                [Program.ipam], Host.environment(command, container: container), host.configuration(keys).text())
            guard let identity, command == "ADD" else { return }
            let address = outcome.document?["ips"]?.arrayValue?.first?["address"]?.stringValue
            promise.fixed[identity] = try #require(address).split(separator: "/").first.map(String.init)
            record.steps.append(.promise(promise))
        }
        try apply(Host.pools, "a", "a6", "b")
        try apply(
            """
            apiVersion: spiderpool.spidernet.io/v2beta1
            kind: SpiderIPPool
            metadata: {name: d}
            spec: {subnet: 10.8.0.0/16, ips: [10.8.0.50-10.8.0.79]}
            """, "d")
        // More than once the log is copied back and begins anew.
        for round in 0..<7 {
            for number in 0..<3 { try plugin("ADD", "c\(round)-\(number)") }
            try plugin("ADD", "f\(round)", identity: "fixed-\(round % 4)")
            try plugin("DEL", "c\(round)-1")
            if round % 2 == 1 { try plugin("DEL", "f\(round)", identity: "fixed-\(round % 4)") }
        }
        return record
    }

    @Test(arguments: [UInt64(1)]) func whatWasPromisedIsThere(seed: UInt64) throws {
        let record = try Self.record()
        let cuts = record.steps.count
        #expect(cuts > 250)
        let copies = record.steps.indices.filter {
            if case .truncate("ipam.db-wal", _) = record.steps[$0] { true } else { false }
        }
        #expect(copies.count > 1, "the log was never copied back")
        var random = SeededGenerator(seed: seed)
        for cut in 0...cuts {
            // The steps around the end of a log deserve more than one look.
            for look in 0..<(copies.contains { abs($0 - cut) < 6 } ? 4 : 1) {
                let folder = TemporaryFolder()
                record.image(cutAfter: cut, &random).write(to: folder)
                try Self.expectWhole(
                    folder, record.promise(after: cut), "seed \(seed), cut after step \(cut), look \(look)")
            }
        }
    }

    /// The host starts again, with another boot ID.
    private static func expectWhole(
        _ folder: TemporaryFolder, _ promise: WriteRecord.Promise?, _ place: String
    ) throws {
        var store: EmbeddedStore
        do throws(StoreError) {
            store = try EmbeddedStore(opening: folder.store, lockTimeout: .milliseconds(100))
        } catch {
            #expect(promise == nil && error.code == .missing, "\(place): \(error)")
            return
        }
        #expect(try store.check().filter { $0.severity != .notice } == [], "\(place)")
        let pools = Set(try store.pools().map(\.name))
        let promised = promise?.pools ?? []
        #expect(pools.isSuperset(of: promised), "\(place)")
        try store.transaction(durably: false) { store throws(StoreError) in
            _ = try store.dropVoidClaims(bootID: "the next one", now: Timestamp(seconds: 2_000_000_000))
        }
        let claims = try store.claims()
        #expect(claims.filter { !$0.isFixed } == [], "\(place)")
        let kept = Dictionary(claims.map { ($0.owner.name, "\($0.address)") }, uniquingKeysWith: { "\($0) \($1)" })
        for (identity, address) in promise?.fixed ?? [:] {
            #expect(kept[identity] == address, "\(place): \(identity)")
        }
        #expect(try store.check().filter { $0.severity != .notice } == [], "\(place)")
    }
}
