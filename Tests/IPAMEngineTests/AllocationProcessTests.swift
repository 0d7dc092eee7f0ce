import IPAMCore
import IPAMEngine
import PoolModel
import Testing

/// One ADD over pools and claims that a test keeps in memory, as an agent does in its caches.
@Suite struct AllocationProcessTests {
    /// What is asked, in words, and the last step.
    struct Course {
        let asked: [String]
        let exchange: ([Claim], ClaimRequest)?
        let outcome: AllocationOutcome
    }

    static let now = Timestamp(seconds: 100)

    static func pool(_ name: String, _ change: (inout SpiderIPPool) -> Void = { _ in }) -> SpiderIPPool {
        var pool = SpiderIPPool(named: name, subnet: "10.0.0.0/24", ips: ["10.0.0.10-10.0.0.19"])
        change(&pool)
        return pool
    }

    static func claim(
        _ address: String, pool: String = "a", interface: String = "eth0", container: String = "old"
    ) throws -> Claim {
        Claim(
            address: try IPAddress(parsing: address), pool: pool, owner: Claim.Owner(uid: "u"), interface: interface,
            containerID: container, isFixed: true, since: now)
    }

    static func allocation(
        interface: String = "eth0", pools: [String] = ["a"], annotations: [String: String] = [:], isFixed: Bool = true
    ) -> Allocation {
        var allocation = Allocation(
            PoolInstructions(
                interface: interface, pod: PodAnnotations(annotations), configuredPools: [.ipv4: pools]),
            facts: SelectionFacts(), owner: Claim.Owner(uid: "u"), containerID: "new", now: now)
        allocation.isFixed = isFixed
        return allocation
    }

    /// Runs a process with answers from memory; a claim is answered with nothing.
    static func run(
        _ allocation: Allocation, pools: [SpiderIPPool], claims: [Claim] = [], reserved: [SpiderReservedIP] = []
    ) throws -> Course {
        var asked: [String] = []
        var exchange: ([Claim], ClaimRequest)?
        var process = AllocationProcess(allocation)
        var step = process.begin()
        while true {
            let question: AllocationQuestion
            switch step {
            case .done(let outcome): return Course(asked: asked, exchange: exchange, outcome: outcome)
            case .ask(let next): question = next
            }
            let answer: AllocationAnswer
            switch question {
            case .interfaces:
                asked.append("interfaces")
                answer = .interfaces(Array(Set(claims.map(\.interface))).sorted())
            case .owned(let identity, _):
                asked.append("owned")
                answer = .claims(claims.filter { $0.identity == identity })
            case .others(let identity):
                asked.append("others")
                answer = .claims(claims.filter { $0.identity != identity })
            case .pools(let names, let requests):
                asked.append("pools \(names)")
                answer = .pools(pools.filter { names.contains($0.name) || !requests.isEmpty })
            case .reservations:
                asked.append("reservations")
                answer = .reservations(reserved)
            case .exchange(let released, let request):
                asked.append("exchange")
                exchange = (released, request)
                answer = .claimed(.success([]))
            }
            step = try process.resume(answer)
        }
    }

    @Test func aFirstRequestAsksForLittle() throws {
        let course = try Self.run(Self.allocation(), pools: [Self.pool("a")])
        #expect(course.asked == ["owned", "pools []", "reservations", "exchange"])
        #expect(course.exchange?.0 == [])
        #expect(course.exchange?.1.demands.flatMap(\.candidates).map(\.pool) == ["a"])
        #expect(course.outcome.plan?.origin == .cniConfiguration)
    }

    @Test func aRefusalChangesNothing() throws {
        let course = try Self.run(Self.allocation(pools: ["gone"]), pools: [Self.pool("a")])
        #expect(course.asked == ["owned", "pools []"])
        #expect(throws: AllocationRefusal.self) { try course.outcome.answer.get() }
        #expect(course.outcome.prepared?.refusal?.code == .noPool)
    }

    @Test func whatARestartedWorkloadMayKeepItKeeps() throws {
        let claim = try Self.claim("10.0.0.12")
        let course = try Self.run(Self.allocation(), pools: [Self.pool("a")], claims: [claim])
        #expect(
            course.asked == ["owned", "pools [\"a\"]", "reservations", "pools []", "pools [\"a\"]", "exchange"])
        #expect(course.exchange?.0 == [])
        #expect(course.outcome.released.isEmpty)
    }

    @Test func whatItMayNotKeepIsGivenBackWithTheClaim() throws {
        let claim = try Self.claim("10.0.0.12")
        let course = try Self.run(
            Self.allocation(pools: ["b"]), pools: [Self.pool("a"), Self.pool("b")], claims: [claim])
        #expect(course.exchange?.0 == [claim])
        #expect(course.exchange?.1.demands.flatMap(\.candidates).map(\.pool) == ["b"])
        #expect(course.outcome.released.map { "\($0.held.address)" } == ["10.0.0.12"])
        // Where the new pools do not serve either, it is not given back.
        let refused = try Self.run(
            Self.allocation(pools: ["b"]), pools: [Self.pool("a"), Self.pool("b") { $0.spec.isDisabled = true }],
            claims: [claim])
        #expect(refused.exchange == nil)
        #expect(refused.outcome.released.count == 1)
    }

    @Test func reservedAddressesAreNotKept() throws {
        let claim = try Self.claim("10.0.0.12")
        let course = try Self.run(
            Self.allocation(), pools: [Self.pool("a")], claims: [claim],
            reserved: [SpiderReservedIP(named: "r", ips: ["10.0.0.12"])])
        #expect(course.exchange?.0 == [claim])
        #expect(course.exchange?.1.demands[0].candidates[0].addresses.contains(claim.address) == false)
    }

    /// Where items are counted, everything is given back together, and the count begins anew.
    @Test func countedItemsBeginAnew() throws {
        let pools = #"[{"ipv4": ["b"]}, {"ipv4": ["a"]}]"#
        let claims = [try Self.claim("10.0.0.12"), try Self.claim("10.0.0.13", interface: "net1")]
        let course = try Self.run(
            Self.allocation(annotations: [AnnotationKey.pools: pools]), pools: [Self.pool("a"), Self.pool("b")],
            claims: claims)
        #expect(course.asked.prefix(3) == ["interfaces", "owned", "others"])
        #expect(Set(course.exchange?.0 ?? []) == Set(claims))
        #expect(course.outcome.plan?.requests.map(\.interface) == ["eth0"])
    }

    @Test func aPoolThatCannotBeUnderstoodIsAnError() {
        #expect(throws: InvalidResource.self) {
            try Self.run(Self.allocation(), pools: [Self.pool("a") { $0.spec.ips = ["10.0.0.10-10.0.0.x"] }])
        }
    }
}
