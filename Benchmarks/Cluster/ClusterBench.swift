import ArgumentParser
import AsyncHTTPClient
import Foundation
import JSONTree
import KubeClient
import Logging
import TestSupport

/// Measures agents on a real API server: as many Pods at once as a pool has addresses, then all of them away again.
///
/// The reference figures for such a machine are in the README; this program prints ours.
@main
struct ClusterBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster-bench",
        abstract: "Agents on a real API server: a thousand Pods at once on a pool of exactly a thousand addresses.")

    @Option(help: "The agent's executable.") var agent: String
    @Option(help: "The folder with the definitions of the kinds.") var crds = "deploy/crds"
    @Option(help: "How many agents, each a node.") var agents = 10
    @Option(help: "How many Pods, and addresses in the pool.") var pods = 1000
    @Option(help: "How many ADDs one after the other, for the time of a single one.") var alone = 50
    @Option(help: "Also write the results as JSON to this file.") var json: String?

    func run() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "cluster-bench-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let plane = try await ControlPlane.start()
        let outcome: Result<Void, any Error>
        do {
            try await measure(plane, in: folder)
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        await plane.stop()
        do {
            try outcome.get()
            try FileManager.default.removeItem(atPath: folder)
        } catch {
            print("The logs of the agents are in \(folder).")
            throw error
        }
    }

    private func measure(_ plane: ControlPlane, in folder: String) async throws {
        try await plane.apply(crds)
        let kube = try KubeClient(
            .kubeconfig(files: [plane.kubeconfigPath], context: nil), logger: Logger(label: "bench"))
        let plugin = PluginCall.client()
        let fixture = BenchCluster(plane, kube, nodes: agents)
        try await fixture.makeNodes()
        try await fixture.makePool("burst", addresses: pods, thirdOctet: 0)
        try await fixture.makePool("alone", addresses: 250, thirdOctet: 100)

        var processes: [AgentProcess] = []
        defer { for process in processes { process.stop() } }
        for number in 0..<agents {
            processes.append(
                try AgentProcess(
                    agent, node: fixture.node(number), number: number, kubeconfig: plane.kubeconfigPath, folder: folder)
            )
        }
        let probe = BenchPod(namespace: "default", name: "none", uid: "none", node: "none")
        for process in processes {
            try await eventually("\(process.node) is ready; see \(folder)/\(process.node)/log") {
                await PluginCall(agent: process, pod: probe).isHealthy(by: plugin)
            }
        }
        // What start-up left to do is done when nothing happens for a moment.
        try await Task.sleep(for: .seconds(2))  // proof: idle memory is what is measured
        var report = BenchReport()
        report["idle_mib"] = try processes.map { try $0.residentMebibytes }.max()

        let single = try await fixture.makePods(alone, named: "alone", on: [fixture.node(0)])
        report.add(prefix: "alone", try await oneByOne(single.map { PluginCall(agent: processes[0], pod: $0) }, plugin))

        let members = try await fixture.makePods(pods, named: "burst", on: (0..<agents).map(fixture.node))
        let calls = members.enumerated().map { PluginCall(agent: processes[$0 % agents], pod: $1) }
        let writesBefore = try await fixture.blockWrites()
        let processorBefore = try processes.map { try $0.processorSeconds }.reduce(0, +)
        let burst = await atOnce(calls) { try await $0.add(from: "burst", by: plugin) }
        report.add(prefix: "add", burst.timing)
        report["add_failed"] = Double(burst.failures.count)
        let addresses = burst.values.flatMap { $0 }
        guard Set(addresses).count == addresses.count else { throw BenchError("one address was given twice") }
        report["add_distinct"] = Double(addresses.count)
        report["writes_per_claim"] = Double(try await fixture.blockWrites() - writesBefore) / Double(pods)
        let processor = try processes.map { try $0.processorSeconds }.reduce(0, +) - processorBefore
        report["cpu_ms_per_claim"] = processor * 1000 / Double(pods)
        report["after_burst_mib"] = try processes.map { try $0.residentMebibytes }.max()
        for failure in burst.failures.prefix(3) { print("ADD failed: \(failure)") }

        try await fixture.deletePods(members)
        let release = await atOnce(calls) { try await $0.delete(by: plugin) }
        report.add(prefix: "del", release.timing)
        report["del_failed"] = Double(release.failures.count)
        for failure in release.failures.prefix(3) { print("DEL failed: \(failure)") }
        try await eventually("no claim is left in the blocks") {
            (try? await fixture.claims(in: "burst")) == 0
        }
        report["claims_left"] = Double(try await fixture.claims(in: "burst"))
        try await plugin.shutdown()
        await kube.shutdown()
        print(report.table(pods: pods, agents: agents), terminator: "")
        if let json { try report.json.text().write(toFile: json, atomically: true, encoding: .utf8) }
    }

    private func oneByOne(_ calls: [PluginCall], _ plugin: HTTPClient) async throws -> Timing {
        var timing = Timing()
        let start = ContinuousClock.now
        for call in calls {
            let begin = ContinuousClock.now
            _ = try await call.add(from: "alone", by: plugin)
            timing.add(ContinuousClock.now - begin)
            try await call.delete(by: plugin)
        }
        timing.total = ContinuousClock.now - start
        return timing
    }
}
