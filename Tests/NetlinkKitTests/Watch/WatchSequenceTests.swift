import Glibc
import NetlinkAsync
import NetlinkKit
import Testing

@Suite
struct WatchSequenceTests {
    @Test
    func tellsWhatHappensInTheNamespace() async throws {
        let namespace = try NetworkNamespace.create()
        let other = try NamespaceThread(in: namespace)
        var known = WatchTests.Known()
        for try await event in try WatchSequence(.links, in: namespace) {
            known.apply(event)
            if case .snapshot = event {
                try await other.perform { _ in
                    _ = try Shell.output("ip link add va up type veth peer name vb; ip link set va alias end")
                }
            }
            if known.links.values.contains(where: { $0.alias == "end" }) { break }
        }
        #expect(Set(known.links.values.map(\.name)) == ["lo", "va", "vb"])
        #expect(known.snapshots == 1)
    }

    @Test
    func aSlowConsumerConverges() async throws {
        let namespace = try NetworkNamespace.create()
        let other = try NamespaceThread(in: namespace)
        let sequence = try WatchSequence(.links, in: namespace, receiveBufferBytes: 1)
        // Nobody asks while all of this happens.
        try await other.perform { _ in
            var commands = ["link add va up type veth peer name vb"]
            for number in 0..<500 { commands.append("link set va alias n\(number)") }
            commands.append("link set va alias end")
            try WatchTests.batch(commands)
        }
        var known = WatchTests.Known()
        for try await event in sequence {
            known.apply(event)
            if known.links.values.contains(where: { $0.alias == "end" }) { break }
        }
        #expect(Set(known.links.values.map(\.name)) == ["lo", "va", "vb"])
    }

    @Test
    func aCancelledTaskLearnsSoAtOnce() async throws {
        let sequence = try WatchSequence(.links, in: NetworkNamespace.create())
        let clock = ContinuousClock()
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            var count = 0
            for try await _ in sequence {
                count += 1
                start.yield()
            }
            return (count, clock.now)
        }
        // After the first event nothing happens in the namespace any more.
        for await _ in started { break }
        let cancelled = clock.now
        task.cancel()
        let (count, ended) = try await task.value
        #expect(count == 1)
        #expect(ended - cancelled < .seconds(2))
        // It is over for good.
        var iterator = sequence.makeAsyncIterator()
        #expect(try await iterator.next() == nil)
    }

    @Test
    func itTakesACapability() throws {
        let namespace = try NetworkNamespace.create()
        try NetworkNamespace.current().perform { () throws(NetlinkError) in
            Scratch.dropSystemAdministration()
            let error = #expect(throws: NetlinkError.self) { _ = try WatchSequence(.links, in: namespace) }
            #expect(error?.code == .notPermitted)
        }
    }

    @Test
    func leavesNothingBehind() async throws {
        await #expect(processExitsWith: .success) {
            await withTaskGroup { group in
                for _ in 0..<64 { group.addTask { await Task.yield() } }
            }
            try await Self.useBriefly()
            let before = (Scratch.entries(in: "task"), Scratch.entries(in: "fd"))
            for _ in 0..<200 { try await Self.useBriefly() }
            let after = (Scratch.entries(in: "task"), Scratch.entries(in: "fd"))
            // Threads of the pool that have had nothing to do for a while end.
            guard after.0 <= before.0, after.1 == before.1 else {
                print("threads and descriptors before \(before), after \(after)")
                exit(1)
            }
        }
    }

    /// Once up to a cancellation, once left in the middle.
    private static func useBriefly() async throws {
        let namespace = try NetworkNamespace.create()
        let sequence = try WatchSequence(.links, in: namespace)
        let task = Task { for try await _ in sequence {} }
        task.cancel()
        try await task.value
        for try await _ in try WatchSequence(.links, in: namespace) { break }
    }
}
