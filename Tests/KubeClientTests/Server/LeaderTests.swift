import IPAMCore
import KubeClient
import Logging
import Synchronization
import TestSupport
import Testing

@Suite struct LeaderTests {
    private static let timing = LeaseTiming(
        duration: .seconds(3), renewDeadline: .seconds(2), retryPeriod: .milliseconds(300))

    /// Who works at the moment, and whether two ever did.
    private final class Desk: Sendable {
        private let state = Mutex((workers: Set<String>(), most: 0, shifts: [String]()))

        func work(_ name: String) async {
            state.withLock { state in
                state.workers.insert(name)
                state.most = max(state.most, state.workers.count)
                state.shifts.append(name)
            }
            let (signal, wake) = AsyncStream<Void>.makeStream()
            await withTaskCancellationHandler {
                for await _ in signal {}
            } onCancel: {
                wake.finish()
            }
            state.withLock { _ = $0.workers.remove(name) }
        }

        var most: Int { state.withLock { $0.most } }
        var shifts: [String] { state.withLock { $0.shifts } }
    }

    private func eventually(_ what: Comment, _ holds: () -> Bool) async throws {
        let end = MonotonicInstant.now + .seconds(40)
        while !holds() {
            try #require(MonotonicInstant.now < end, what)
            try await Task.sleep(for: .milliseconds(20))  // proof: what is waited for has no signal of its own
        }
    }

    @Test func oneAfterTheOther() async throws {
        try await Server.withClient(ControlPlane.shared) { client in
            let namespace = try await Server.namespace(client)
            let desk = Desk()
            func start(_ name: String) -> (LeaderElection, Task<Void, Never>) {
                let election = LeaderElection(
                    client, name: "l", namespace: namespace, identity: name, timing: Self.timing)
                return (election, Task { await election.run { await desk.work(name) } })
            }
            let (a, first) = start("a")
            try await eventually("a leads") { a.isLeader && desk.shifts == ["a"] }
            let (b, second) = start("b")
            try await eventually("b knows") { b.leader == "a" }
            #expect(!b.isLeader)
            // One that goes in peace is followed at once.
            first.cancel()
            await first.value
            try await eventually("b leads") { b.isLeader && desk.shifts == ["a", "b"] }
            second.cancel()
            await second.value
            #expect(desk.most == 1)
            let lease = try await client.resource(Lease.self, namespace: namespace).get("l")
            #expect(lease.holder == "")
            #expect(lease.transitions == 1)
        }
    }

    @Test func aLeaderThatIsCutOffStopsBeforeTheNextBegins() async throws {
        let plane = try await ControlPlane.shared
        let way = try await Forwarder.start(to: plane.server)
        let path = try plane.writeKubeconfig(server: way.server)
        let lonely = try KubeClient(.kubeconfig(files: [path]), logger: Logger(label: "test"))
        try await Server.withClient(plane) { client in
            let namespace = try await Server.namespace(client)
            let desk = Desk()
            let a = LeaderElection(lonely, name: "l", namespace: namespace, identity: "a", timing: Self.timing)
            let b = LeaderElection(client, name: "l", namespace: namespace, identity: "b", timing: Self.timing)
            let first = Task { await a.run { await desk.work("a") } }
            try await eventually("a leads") { desk.shifts == ["a"] }
            let second = Task { await b.run { await desk.work("b") } }
            try await eventually("b knows") { b.leader == "a" }
            way.refuse()
            way.cut()
            try await eventually("b leads") { desk.shifts == ["a", "b"] }
            #expect(!a.isLeader)
            #expect(desk.most == 1)
            way.admit()
            try await eventually("a knows") { a.leader == "b" }
            first.cancel()
            second.cancel()
            await first.value
            await second.value
            #expect(desk.most == 1)
        }
        await lonely.shutdown()
        await way.stop()
    }
}
