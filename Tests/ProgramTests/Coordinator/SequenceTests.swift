import Glibc
import JSONTree
import Testing

/// Random histories of a Pod with up to five interfaces, after each step compared with a model.
@Suite struct SequenceTests {
    static let sequences = 100
    static let workers = 4

    /// The seed that a failure printed, put into `SEQUENCE_SEED`, gives that sequence again, and no other.
    @Test(arguments: 0..<workers) func everyStepIsAsTheModelSays(worker: Int) throws {
        let lab = try CoordinatorLab()
        if let text = getenv("SEQUENCE_SEED").map({ String(cString: $0) }) {
            return try Self.run(try #require(UInt64(text)), in: lab)
        }
        for _ in 0..<Self.sequences / Self.workers { try Self.run(UInt64.random(in: 0 ... .max), in: lab) }
    }

    private static func run(_ seed: UInt64, in lab: CoordinatorLab) throws {
        var history = History(seed: seed, lab: lab, pod: try lab.pod())
        for _ in 0..<8 { try history.step() }
        try history.end()
    }

    /// One Pod, its model, and what was done so far.
    private struct History {
        let seed: UInt64
        let lab: CoordinatorLab
        let pod: LabPod
        var random: SeededGenerator
        var model = SequenceModel()
        /// What the network of an interface said at its ADD.
        var choices: [String: String?] = [:]
        var steps: [String] = []

        init(seed: UInt64, lab: CoordinatorLab, pod: LabPod) {
            (self.seed, self.lab, self.pod) = (seed, lab, pod)
            random = SeededGenerator(seed: seed)
        }

        mutating func step() throws {
            guard model.isPresent("eth0") else { return try add(SequenceModel.interfaces[0], choice: nil) }
            let absent = SequenceModel.interfaces.filter { !model.isPresent($0.name) }
            let further = model.present.dropFirst()
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                guard let interface = absent.randomElement(using: &random) else { return try repeatADD() }
                // The network names nobody, its own interface, or any that is there.
                let names = [nil, interface.name, model.present.randomElement(using: &random)?.name]
                try add(interface, choice: names.randomElement(using: &random) ?? nil)
            case 5: try repeatADD()
            case 6: try check()
            case 7: try refuse()
            default:
                guard let interface = further.randomElement(using: &random) else { return try repeatADD() }
                try delete(interface, times: Int.random(in: 1...2, using: &random))
            }
        }

        private mutating func add(_ interface: SequenceModel.Interface, choice: String?) throws {
            steps.append("ADD \(interface.name)" + (choice.map { " choosing \($0)" } ?? ""))
            if !model.isPresent(interface.name) { try pod.plug(interface.name, interface.parent, interface.addresses) }
            try succeed("ADD", interface, choice)
            model.add(interface, choice: choice)
            choices[interface.name] = choice
            try compare()
        }

        private mutating func repeatADD() throws {
            // What a network chose may be gone, which would be refused.
            let possible = model.present.filter { hasChoice($0) }
            guard let interface = possible.randomElement(using: &random) else { return }
            try add(interface, choice: choices[interface.name] ?? nil)
        }

        private func hasChoice(_ interface: SequenceModel.Interface) -> Bool {
            (choices[interface.name] ?? nil).map(model.isPresent) ?? true
        }

        /// CHECK of what did not have to give way since.
        private mutating func check() throws {
            for interface in model.present where hasChoice(interface) {
                let choice = choices[interface.name] ?? nil
                let isKept = interface.families.allSatisfy { family in
                    choice == nil || model.owner[family] == choice
                        || !SequenceModel.interfaces.contains { $0.name == choice && $0.families.contains(family) }
                }
                guard isKept else { continue }
                steps.append("CHECK \(interface.name)")
                try succeed("CHECK", interface, choice)
            }
            try compare()
        }

        private mutating func refuse() throws {
            guard let interface = model.present.dropFirst().randomElement(using: &random) else { return }
            steps.append("ADD \(interface.name) choosing netX")
            let refused = try pod.call("ADD", interface.name, ["podDefaultRouteNic": "netX"])
            #expect(refused.status == 1, "\(comment)")
            try compare()
        }

        private mutating func delete(_ interface: SequenceModel.Interface, times: Int) throws {
            for _ in 0..<times {
                steps.append("DEL \(interface.name)")
                try succeed("DEL", interface, choices[interface.name] ?? nil)
            }
            try pod.unplug(interface.name)
            model.delete(interface.name)
            try compare()
        }

        /// Deletes everything in the order of a runtime or in another one; nothing stays on the node.
        mutating func end() throws {
            for interface in model.present.shuffled(using: &random) {
                steps.append("DEL \(interface.name)")
                try succeed("DEL", interface, choices[interface.name] ?? nil)
            }
            expect(
                try lab.nodeState(pod), is: "rule/4 1000 lookup 500\nrule/6 1000 lookup 500", comment)
        }

        private func succeed(_ command: String, _ interface: SequenceModel.Interface, _ choice: String?) throws {
            let keys: JSONObject = choice.map { ["podDefaultRouteNic": .string($0)] } ?? [:]
            let outcome = try pod.call(command, interface.name, keys)
            try #require(outcome.status == 0, "\(comment): \(outcome.refusal) \(outcome.diagnostics)")
        }

        private func compare() throws {
            let state = OverlayStateTests.withoutAlias(try pod.state())
            let rules = state.lines("rule/").map { $0.split(separator: " ").map(String.init) }
            // rule/4 1101 from ADDRESS lookup TABLE
            let tables = Dictionary(
                rules.filter { $0.count == 6 && $0[2] == "from" }.map { ("\($0[0]) \($0[3])", $0[5]) },
                uniquingKeysWith: { first, _ in first })
            for family in ["4", "6"] {
                let used = tables.filter { $0.key.hasPrefix("rule/\(family) ") }.values
                #expect(Set(used).count == used.count, "\(comment): two interfaces share a table: \(tables)")
                #expect(used.allSatisfy { Int($0) ?? 0 > 100 }, "\(comment): \(tables)")
            }
            let expected = model.pod { interface, family in
                tables["rule/\(family) \(interface.address(family) ?? "?")"]
            }
            // What comes after the first difference says nothing.
            let isAsExpected = [
                expect(state, is: expected, comment), expect(try lab.nodeState(pod), is: model.node(pod), comment),
            ]
            if isAsExpected.contains(false) { throw Difference() }
        }

        struct Difference: Error {}

        private var comment: String { "seed \(seed): \(steps.joined(separator: ", "))" }
    }
}
