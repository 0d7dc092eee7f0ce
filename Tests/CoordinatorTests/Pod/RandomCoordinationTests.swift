import IPAMCore
import Testing

@testable import Coordinator
@testable import NetlinkKit

/// Random Pods, interrupted and repeated calls.
@Suite struct RandomCoordinationTests {
    /// A Pod that comes about step by step.
    struct Scenario {
        var random: SeededRandom
        var model = PodModel()
        var present: [String] = []
        var withoutGateway: Set<String> = []
        let isOverlay: Bool
        var settings: CoordinatorSettings

        init(seed: UInt64) throws {
            random = SeededRandom(seed: seed)
            isOverlay = random.next() % 3 == 0
            settings = try CoordinationPlanTests.settings()
            let chosen = ["eth0", "net1", "net2", "net3", "net4"][Int(random.next() % 5)]
            if random.next() % 2 == 0 { settings.defaultRouteInterface = InterfaceName(chosen) }
            settings.expectedInterfaces = ["eth0", "net1", "net2", "net3", "net4"].compactMap { InterfaceName($0) }
            settings.movesDefaultRoutes = random.next() % 8 != 0
            guard isOverlay else { return }
            try model.attach("eth0", ["10.244.3.7/32"], gateways: ["169.254.1.1"], kind: .veth)
        }

        mutating func attach(_ name: String) throws {
            let number = Int(name.last?.wholeNumberValue ?? 0)
            let families = [1, 2, 3, 3][Int(random.next() % 4)]
            let hasGateway = random.next() % 6 != 0
            var prefixes: [String] = []
            var gateways: [String] = []
            let network = 22 + number % 2
            if families & 1 != 0 {
                prefixes.append("172.\(network).4.\(10 + number)/16")
                gateways.append("172.\(network).0.1")
            }
            if families & 2 != 0 {
                prefixes.append("fd00:\(network)::a\(number)/64")
                gateways.append("fd00:\(network)::1")
            }
            try model.attach(name, prefixes, gateways: hasGateway ? gateways : [])
            present.append(name)
            if !hasGateway { withoutGateway.insert(name) }
        }
    }

    @Test(arguments: 0..<60) func callsCanBeRepeatedAndInterrupted(seed: Int) throws {
        var scenario = try Scenario(seed: UInt64(seed))
        let names = scenario.isOverlay ? ["net1", "net2", "net3"] : ["eth0", "net1", "net2", "net3", "net4"]
        for name in names {
            try scenario.attach(name)
            let subject = try CoordinationPlanTests.subject(name)
            let plan = try scenario.model.plan(subject, scenario.settings)
            let before = scenario.model
            try scenario.model.apply(plan.operations)
            let again = try scenario.model.plan(subject, scenario.settings)
            #expect(again.isEmpty, "seed \(seed), \(name): \(again)")
            // Interrupted anywhere and begun anew, the end is the same.
            for count in plan.operations.indices {
                var other = before
                try other.apply(plan.operations.prefix(count))
                try other.apply(try other.plan(subject, scenario.settings).operations)
                #expect(other.summary == scenario.model.summary, "seed \(seed), \(name), after \(count) operations")
            }
            checkPromises(scenario, seed)
        }
        // Every interface may be asked for again, in any order.
        // One without a default route gets a table of its own when another has come that has one.
        for name in names.reversed() where !scenario.withoutGateway.contains(name) {
            let plan = try scenario.model.plan(CoordinationPlanTests.subject(name), scenario.settings)
            #expect(plan.isEmpty, "seed \(seed), \(name) again: \(plan)")
        }
        try removeAll(&scenario, seed)
    }

    /// Whoever asks by an address is answered by its interface, and there is one default route.
    private func checkPromises(_ scenario: Scenario, _ seed: Int) {
        let pod = scenario.model.pod
        for family in AddressFamily.both {
            let owners = Set(
                pod.routes.filter { $0.isDefault(family, in: .main) }.flatMap(\.nextHops).compactMap(\.link))
            guard scenario.settings.movesDefaultRoutes else { continue }
            #expect(owners.count <= 1, "seed \(seed): \(family) has \(owners.count) default routes")
            for link in pod.links where link.name != "lo" && link.name != "veth0" {
                let hasDefault = pod.routes.contains { route in
                    route.family == family && route.destination.isDefault
                        && route.nextHops.contains { $0.link == link.index }
                }
                guard hasDefault, !owners.contains(link.index) else { continue }
                for address in pod.usableAddresses(of: link.index) where address.family == family {
                    let rule = pod.rules.first { $0.source == CIDR(address) }
                    let way = pod.routes.first { route in
                        rule.map { route.isDefault(family, in: $0.table) } ?? false
                    }
                    #expect(way?.nextHops.first?.link == link.index, "seed \(seed): \(address) of \(link.name)")
                    #expect(rule.map { $0.priority > 1000 } == true, "seed \(seed): \(address)")
                }
            }
        }
    }

    private func removeAll(_ scenario: inout Scenario, _ seed: Int) throws {
        while !scenario.present.isEmpty {
            // The first interface goes last, as runtimes do it; the others in any order.
            let later = scenario.present.filter { $0 != "eth0" }
            let name = later.isEmpty ? "eth0" : later[Int(scenario.random.next() % UInt64(later.count))]
            let subject = try CoordinationPlanTests.subject(name)
            let plan = try scenario.model.removal(subject, scenario.settings)
            try scenario.model.apply(plan.operations, checked: false)
            scenario.model.detach(name)
            scenario.present.removeAll { $0 == name }
            for other in scenario.present where !scenario.withoutGateway.contains(other) {
                // Whoever stays is as it was.
                let plan = try scenario.model.plan(CoordinationPlanTests.subject(other), scenario.settings)
                #expect(plan.isEmpty, "seed \(seed), \(other) after \(name) went: \(plan)")
            }
        }
        #expect(scenario.model.nodeLeftovers.isEmpty, "seed \(seed)")
        guard scenario.isOverlay else { return }
        // The overlay Pod is as its own network made it.
        #expect(scenario.model.rules(.ipv4).isEmpty, "seed \(seed)")
        #expect(
            scenario.model.routes(.ipv4, .main) == ["169.254.1.1/32 dev eth0", "default via 169.254.1.1 dev eth0"],
            "seed \(seed)")
        #expect(Set(scenario.model.pod.routes.map(\.table)) == [.main], "seed \(seed)")
    }
}

/// Numbers that follow from a seed (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
