import EmbeddedStore
import IPAMCore
import IPAMEngine
import JSONTree
import Testing

@testable import IPAMPlugin

/// The clock jumps by years: nobody gets a second owner, no address is lost, and the history keeps its order.
@Suite struct ClockTests {
    /// A jump between two calls.
    enum Jump: Int64, CaseIterable {
        case farAhead = 3_000_000_000
        case ahead = 1_900_000_000
        case back = 1_000_000_000
        case toTheEpoch = 0
        case beforeIt = -1_000_000_000
    }

    private static let present: Int64 = 1_800_000_000

    @Test(arguments: Jump.allCases) func whatWasReleasedIsUsedAgain(_ jump: Jump) throws {
        let host = try PluginRun()
        host.seconds = Self.present
        for number in 0..<10 { #expect(host.code("ADD", container: "c\(number)") == 0) }
        for number in 0..<3 { #expect(host.code("DEL", container: "c\(number)") == 0) }
        host.seconds = jump.rawValue
        // Repeated, it is the same; new ones get what is free; and then the pool is full.
        let owned = try host.store().claims().filter { $0.containerID == "c5" }
        #expect(host.code("ADD", container: "c5") == 0)
        #expect(try host.store().claims().filter { $0.containerID == "c5" } == owned)
        for number in 0..<3 { #expect(host.code("ADD", container: "n\(number)") == 0) }
        #expect(host.code("ADD", container: "late") == 102)
        for number in 3..<10 { #expect(host.code("DEL", container: "c\(number)") == 0) }
        // And back again.
        host.seconds = Self.present + 1
        for number in 3..<10 { #expect(host.code("ADD", container: "n\(number)") == 0) }
        #expect(host.code("ADD", container: "late") == 102)
        let store = try host.store()
        #expect(try store.check() == [])
        #expect(try store.claims().count == 20)
        let events = try store.history()
        #expect(events.count == 60)
        #expect(events.map(\.number) == Array(1...60))
        let jumped = Timestamp(seconds: jump.rawValue)
        #expect(try store.history(HistoryFilter(since: jumped, until: jumped)).count == 20)
    }

    @Test(arguments: Jump.allCases) func aRebootWithAnotherClockEndsWhatItEnds(_ jump: Jump) throws {
        let host = try PluginRun()
        host.seconds = Self.present
        for number in 0..<10 { #expect(host.code("ADD", container: "c\(number)") == 0) }
        host.seconds = jump.rawValue
        host.bootID = "next"
        for number in 0..<10 { #expect(host.code("ADD", container: "n\(number)") == 0) }
        #expect(try host.store().claims().allSatisfy { $0.containerID.hasPrefix("n") })
        #expect(try host.store().check() == [])
    }

    /// Quarantines end, but not because a clock was set back a little.
    @Test func aQuarantineOutlivesSmallStepsOnly() throws {
        let host = try PluginRun()
        host.seconds = Self.present
        for number in 0..<9 { #expect(host.code("ADD", container: "c\(number)") == 0) }
        for text in ["10.0.0.19", "fd00::19"] {
            let address = try IPAddress(parsing: text)
            var store = try host.store()
            let isDone = try store.transaction(durably: false) { store throws(EngineFailure<StoreError>) in
                var process = AddressProcess(.quarantine, of: address, now: Timestamp(seconds: Self.present))
                return try store.run(&process)
            }
            #expect(isDone)
        }
        for step in [0, 599, -60, -86_400] as [Int64] {
            host.seconds = Self.present + step
            let (code, answer) = host.run("ADD", container: "late")
            #expect(code == 102)
            #expect(answer?["details"]?.stringValue?.contains("9 claimed, 1 quarantined") == true)
        }
        host.seconds = Self.present - 365 * 86400
        #expect(host.code("ADD", container: "late") == 0)
        #expect(host.code("ADD", container: "later") == 102)
    }
}
