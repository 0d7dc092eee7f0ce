import JSONTree
import Testing

/// GC frees exactly what is ours and not listed.
@Suite struct GarbageTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let valid: [(container: String, interface: String)]
        /// The containers that still have an address afterwards.
        let left: [String]
        var testDescription: String { name }
    }

    static let rows = [
        Row(
            name: "all listed", valid: [("one", "eth0"), ("two", "eth0"), ("runs", "eth0")],
            left: ["one", "runs", "two"]),
        Row(name: "one listed", valid: [("two", "eth0")], left: ["two"]),
        Row(name: "none listed", valid: [], left: []),
        Row(name: "another interface of it", valid: [("one", "net1"), ("two", "eth0")], left: ["two"]),
        Row(name: "only foreign ones", valid: [("stranger", "eth0")], left: []),
        Row(
            name: "ten thousand", valid: (0..<10_000).map { ("stranger-\($0)", "eth0") } + [("one", "eth0")],
            left: ["one"]),
    ]

    @Test(arguments: rows) func onlyWhatIsGoneIsFreed(_ row: Row) throws {
        let host = try Host()
        for container in ["one", "two"] { _ = try host.add(container: container) }
        func fixed(_ identity: String) -> JSONValue {
            host.configuration(["default_ipv4_ippool": ["b"], "identity": .string(identity)])
        }
        _ = try host.add(fixed("kept"), container: "gone")
        #expect(try host.run("DEL", fixed("kept"), container: "gone").status == 0)
        _ = try host.add(fixed("runs"), container: "runs")
        _ = try host.add(host.configuration(network: "other"), container: "elsewhere")
        let attachments = row.valid.map { valid in
            JSONValue.object(["containerID": .string(valid.container), "ifname": .string(valid.interface)])
        }
        let configuration = host.configuration(
            version: "1.1.0", more: ["cni.dev/valid-attachments": .array(attachments)])
        let outcome = try host.run("GC", configuration)
        #expect(outcome.status == 0, "\(outcome.refusal)")
        #expect(outcome.output.isEmpty)
        let claims = try host.control("claims", "-o", "json").document?["claims"]?.arrayValue ?? []
        let containers = claims.compactMap { $0["containerID"]?.stringValue }.filter { !$0.isEmpty }
        #expect(containers.sorted() == (row.left + ["elsewhere"]).sorted())
        // What is kept for a name stays, also when its container is gone.
        let addresses = claims.compactMap { $0["address"]?.stringValue }
        #expect(addresses.filter { $0.hasPrefix("10.6.168.20") }.count == 2)
        #expect(try host.run("GC", configuration).status == 0)
        #expect(try host.control("claims", "-o", "json").document?["claims"]?.arrayValue?.count == claims.count)
    }
}
