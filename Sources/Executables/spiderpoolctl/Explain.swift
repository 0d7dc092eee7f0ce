import ArgumentParser
import CNITypes
import EmbeddedStore
import IPAMCore
import IPAMEngine
import IPAMPlugin
import PoolModel

struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what an ADD would answer, and why.",
        discussion: """
            Nothing is claimed. The answer and the reasons are those that the plugin would give. What the workload file \
            says about the Pod goes before --ipv4-pool and --ipv6-pool; without either the default pools are considered. \
            For a workload that keeps its addresses, it is the answer to its next container. The exit code is 0 when the \
            request would be served.
            """)

    @ParentCommand var root: SpiderpoolCtl
    @OptionGroup var location: StoreLocation

    @Option(help: "Name of the interface.")
    var interface = "eth0"

    @Option(
        name: .customLong("ipv4-pool"),
        help: ArgumentHelp("A pool or pattern for IPv4, in order; may be repeated.", valueName: "pool"))
    var ipv4Pools: [String] = []

    @Option(
        name: .customLong("ipv6-pool"),
        help: ArgumentHelp("A pool or pattern for IPv6, in order; may be repeated.", valueName: "pool"))
    var ipv6Pools: [String] = []

    @Option(
        help: ArgumentHelp(
            "How many of the families are needed, as family_policy in the network's configuration: both, either, "
                + "prefer_ipv4 or prefer_ipv6.", valueName: "policy"),
        transform: { text in
            guard let policy = IPFamilyPolicy(rawValue: text) else {
                throw ValidationError("\(text) is not both, either, prefer_ipv4 or prefer_ipv6")
            }
            return policy
        })
    var familyPolicy = IPFamilyPolicy.both

    @Option(
        name: .customLong("ip"),
        help: ArgumentHelp("The address that the runtime asks for; one for each family.", valueName: "address"),
        transform: { text in
            do { return try IPAddress(parsing: text) } catch { throw ValidationError("\(error)") }
        })
    var wanted: [IPAddress] = []

    @Option(help: "Namespace of the Pod.")
    var namespace: String?

    @Option(help: "Name of the Pod.")
    var pod: String?

    @Option(help: "The identity in the network's configuration.")
    var identity: String?

    @Option(
        help: ArgumentHelp("The workload file; that of the host's settings when not given.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var workloads: String?

    @Option(help: "UID of the Pod, or the container ID: to see what it has, or would keep.")
    var uid: String?

    @Option(help: "Name of the CNI network.")
    var network: String?

    @Option(help: "Name of the node; this host when not given.")
    var node: String?

    func validate() throws {
        guard Set(wanted.map(\.family)).count == wanted.count else {
            throw ValidationError("--ip: at most one address of each family")
        }
    }

    func run() throws {
        let state = try StateFile(location, root)
        var store = try state.open()
        let allocation = try allocation(state)
        let outcome = try outcome(of: allocation, in: &store)
        if let prepared = outcome.prepared {
            let usage: [String: PoolUsage]
            do throws(StoreError) {
                usage = try self.usage(of: prepared, in: store, now: state.now)
            } catch {
                throw Failure("\(error)")
            }
            print("Interface \(interface), pools named by \(prepared.selection.origin):")
            printVerdicts(prepared.selection, usage)
        }
        if let prepared = outcome.prepared {
            for rest in try quarantines(of: prepared, in: store, now: state.now) {
                let holder = rest.holder.map { "\($0) uses it" } ?? "its past is not known"
                print("  \(rest.address) is quarantined until \(rest.until): \(holder)")
            }
        }
        for source in outcome.plan?.passedOver ?? [] { print("  \(source)") }
        for release in outcome.released {
            let held = release.held
            print("An ADD would give up \(held.address) of \(held.interface): \(release.reason).")
        }
        do throws(AllocationRefusal) {
            for claim in try outcome.answer.get() {
                print("An ADD would answer \(claim.address) from \(claim.pool).")
            }
        } catch {
            // The refusal is the answer, so it belongs to the output; the exit code tells programs.
            print("An ADD would be refused: \(error)")
            throw ExitCode.failure
        }
    }

    /// Who asks, and what is known about it.
    private func allocation(_ state: StateFile) throws -> Allocation {
        let key = WorkloadKey(
            containerID: uid ?? "", network: network ?? "", podNamespace: namespace, podName: pod, name: identity)
        var stated: WorkloadFacts?
        if let path = workloads ?? state.hostSettings.workloads {
            do throws(CNIError) {
                let file = try WorkloadFile(readingFrom: path)
                for problem in file.problems { Standard.error("warning: \(path): \(problem)") }
                stated = try file.facts(for: key, readFrom: path)
            } catch {
                print("An ADD would be refused: \(error.details)")
                throw ExitCode.failure
            }
        }
        let facts = HostFacts.system
        let nodeName = node ?? state.hostSettings.nodeName ?? facts.hostName()
        let profile = WorkloadProfile(
            WorkloadCall(key: key, interface: interface, nodeName: nodeName), facts: stated)
        var configured: [AddressFamily: [String]] = [:]
        if !ipv4Pools.isEmpty { configured[.ipv4] = ipv4Pools }
        if !ipv6Pools.isEmpty { configured[.ipv6] = ipv6Pools }
        let container = uid ?? "explain"
        var allocation = Allocation(
            PoolInstructions(
                interface: interface, pod: profile.pod, namespace: profile.namespace, configuredPools: configured,
                features: SelectionFeatures(families: familyPolicy.families)),
            facts: profile.facts,
            owner: Claim.Owner(uid: profile.stableUID(in: network ?? "") ?? container), containerID: container,
            now: state.now)
        allocation.bootID = facts.bootID()
        allocation.policy = familyPolicy.policy
        for address in wanted { allocation.wanted[address.family] = address }
        allocation.isFixed = profile.identity != nil
        return allocation
    }

    private func usage(
        of prepared: PreparedSelection, in store: borrowing EmbeddedStore, now: Timestamp
    ) throws(StoreError) -> [String: PoolUsage] {
        var result: [String: PoolUsage] = [:]
        for candidate in prepared.demands.flatMap(\.candidates) {
            result[candidate.pool] = try store.usage(of: candidate, now: now)
        }
        return result
    }

    /// What keeps addresses of the pools that may serve from being given.
    private func quarantines(
        of prepared: PreparedSelection, in store: borrowing EmbeddedStore, now: Timestamp
    ) throws -> [Rest] {
        let addresses = prepared.demands.flatMap(\.candidates).map(\.addresses)
        do throws(StoreError) {
            return try store.quarantines(at: now).filter { rest in addresses.contains { $0.contains(rest.address) } }
        } catch {
            throw Failure("\(error)")
        }
    }

    private func printVerdicts(_ selection: PoolSelection, _ usage: [String: PoolUsage]) {
        var table = Table(["  FAMILY", "POOL", "VERDICT", "REASON"])
        var hasRows = false
        for choice in selection.considered {
            let order = Dictionary(
                choice.candidates.enumerated().map { ($1.name, $0 + 1) }, uniquingKeysWith: { first, _ in first })
            for verdict in choice.verdicts {
                let word = order[verdict.pool].map { "tried as no. \($0)" } ?? "refused"
                let reason = verdict.refusal.map { "\($0); \($0.remedy)" } ?? usage[verdict.pool].map { "\($0)" } ?? ""
                table.add(["  \(choice.family)", verdict.pool, word, reason])
                hasRows = true
            }
            for pattern in choice.unmatchedPatterns {
                table.add(["  \(choice.family)", pattern, "refused", "no \(choice.family) pool has a name like this"])
                hasRows = true
            }
        }
        print(hasRows ? table.text : "  none")
    }

    /// What an ADD would get at this moment; everything is taken back.
    private func outcome(of allocation: Allocation, in store: inout EmbeddedStore) throws -> AllocationOutcome {
        var outcome: AllocationOutcome?
        do throws(TransactionFailure<TakenBack>) {
            try store.transaction(durably: false) { store throws(TakenBack) in
                do throws(StoreError) { outcome = try store.allocate(allocation) } catch { throw .failed(error) }
                throw .asPlanned
            }
        } catch {
            switch error {
            case .refused(.asPlanned): break
            case .refused(.failed(let error)), .store(let error): throw Failure("\(error)")
            }
        }
        guard let outcome else { preconditionFailure("a transaction that was taken back had no body") }
        return outcome
    }

    /// How the transaction ends: always without its changes.
    private enum TakenBack: Error {
        case asPlanned
        case failed(StoreError)
    }
}
