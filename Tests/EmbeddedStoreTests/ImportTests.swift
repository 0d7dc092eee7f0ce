import EmbeddedStore
import IPAMCore
import IPAMEngine
import PoolModel
import Testing

@Suite struct ImportTests {
    private func store() throws -> EmbeddedStore {
        var store = try EmbeddedStore()
        _ = try store.apply(
            [SpiderIPPool(named: "a", subnet: "10.6.0.0/16", ips: ["10.6.0.10-10.6.0.99"])], now: Timestamp(seconds: 0))
        return store
    }

    private let reading = ImportReading(
        hostLocal: ["10.6.0.10", "10.6.0.70"].map { name in
            HostLocalEntry(network: "rack", path: "/rack/\(name)", name: name, content: .text("c\neth0"))
        })

    private func circumstances(_ source: ImportSource = .hostLocal, bootID: String = "b1") -> ImportCircumstances {
        ImportCircumstances(source: source, now: Timestamp(seconds: 9), bootID: bootID, node: "n1")
    }

    struct Reboot: CustomTestStringConvertible, Sendable {
        let source: ImportSource
        let remaining: Int

        var testDescription: String { source.rawValue }
    }

    @Test(arguments: [
        Reboot(source: .hostLocal, remaining: 0), Reboot(source: .whereabouts, remaining: 2),
        Reboot(source: .spiderpool, remaining: 2),
    ])
    func aRebootEndsWhatIsOfThisHostAlone(_ row: Reboot) throws {
        var store = try store()
        _ = try store.adopt(reading, circumstances(row.source)) { _ in true }
        func drop(_ boot: String) throws {
            _ = try store.transaction(durably: false) { store throws(StoreError) in
                try store.dropVoidClaims(bootID: boot, now: Timestamp(seconds: 10))
            }
        }
        try drop("b1")
        #expect(try store.claims().count == 2)
        try drop("b2")
        #expect(try store.claims().count == row.remaining)
    }

    @Test func claimsOfAnEarlierBootAreNotInTheWay() throws {
        var store = try store()
        let candidate = PoolCandidate(pool: "a", addresses: try AddressSet(parsing: ["10.6.0.10"]))
        #expect(try store.claim(request("old", bootID: "b0", from: [candidate])) == ["10.6.0.10"])
        let plan = try store.adopt(reading, circumstances()) { _ in false }
        #expect(plan.plan.adoptions.count == 2)
        #expect(try store.claims().map(\.containerID) == ["old"])
        #expect(try store.adopt(reading, circumstances()) { $0.conflicts.isEmpty }.isApplied)
        #expect(try store.claims().map(\.containerID) == ["c", "c"])
    }

    @Test func whatIsAdoptedIsFoundFreedAndConsistent() throws {
        var store = try store()
        _ = try store.adopt(reading, circumstances()) { _ in true }
        #expect(try store.check().isEmpty)
        let claims = try store.claims()
        #expect(claims.map(\.network) == ["rack", "rack"])
        #expect(claims.map(\.node) == ["n1", "n1"])
        let again = try store.adopt(reading, circumstances()) { _ in true }
        #expect(again.plan.adoptions.isEmpty)
        #expect(try store.claims() == claims)
        #expect(try store.release("c") == ["10.6.0.10", "10.6.0.70"])
        #expect(try store.check().isEmpty)
    }
}
