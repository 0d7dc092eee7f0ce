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
            Nothing is claimed. The reasons are those that the plugin would give. What the workload file says about the \
            Pod goes before --ipv4-pool and --ipv6-pool; without either the default pools are considered. The exit code \
            is 0 when the request would be served.
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

    func run() throws {
        let state = try StateFile(location, root)
        var store = try state.open()
        let (plan, profile) = try plan(state)
        let uid = profile.stableUID(in: network ?? "") ?? self.uid

        let prepared: PreparedSelection
        let usage: [String: PoolUsage]
        do throws(StoreError) {
            prepared = try store.select(
                plan.request, facts: profile.facts, owned: try owned(by: uid, in: &store))
            usage = try self.usage(of: prepared, in: store, now: state.now)
        } catch {
            throw Failure("\(error)")
        }
        print("Interface \(interface), pools named by \(prepared.selection.origin):")
        printVerdicts(prepared.selection, usage)
        for source in plan.passedOver { print("  \(source)") }
        if let error = prepared.refusal { throw refusal("\(error)") }
        for claim in try claim(prepared, for: uid, in: &store, now: state.now) {
            print("An ADD would answer \(claim.address) from \(claim.pool).")
        }
    }

    /// Who names the pools, and what is known about who asks.
    private func plan(_ state: StateFile) throws -> (PoolPlan, WorkloadProfile) {
        let key = WorkloadKey(
            containerID: uid ?? "", network: network ?? "", podNamespace: namespace, podName: pod, name: identity)
        let file: WorkloadFile?
        do throws(CNIError) {
            file =
                if let path = workloads ?? state.hostSettings.workloads {
                    try WorkloadFile(readingFrom: path)
                } else {
                    nil
                }
        } catch {
            throw Failure("\(error)")
        }
        let nodeName = node ?? state.hostSettings.nodeName ?? HostFacts.system.hostName()
        let profile = WorkloadProfile(
            WorkloadCall(key: key, interface: interface, nodeName: nodeName), facts: file?.facts(for: key))
        var configured: [AddressFamily: [String]] = [:]
        if !ipv4Pools.isEmpty { configured[.ipv4] = ipv4Pools }
        if !ipv6Pools.isEmpty { configured[.ipv6] = ipv6Pools }
        do throws(PoolSelectionError) {
            let plan = try PoolPlan(
                PoolInstructions(
                    interface: interface, pod: profile.pod, namespace: profile.namespace, configuredPools: configured))
            return (plan, profile)
        } catch {
            throw refusal("\(error)")
        }
    }

    private func owned(by uid: String?, in store: inout EmbeddedStore) throws(StoreError) -> [Claim] {
        guard let uid else { return [] }
        return try store.ownedClaims(
            of: Claim.Identity(uid: uid, interface: interface),
            attachment: Claim.Attachment(containerID: uid, interface: interface))
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

    /// The refusal is the answer, so it belongs to the output; the exit code tells programs.
    private func refusal(_ reason: String) -> ExitCode {
        print("An ADD would be refused: \(reason)")
        return .failure
    }

    /// Claims and takes it back: the answer is what an ADD would get at this moment.
    private func claim(
        _ prepared: PreparedSelection, for uid: String?, in store: inout EmbeddedStore, now: Timestamp
    ) throws -> [Claim] {
        let owner = Claim.Owner(uid: uid ?? "explain")
        let interface = interface
        do throws(TransactionFailure<TakenBack>) {
            try store.transaction(durably: false) { store throws(TakenBack) in
                do throws(StoreError) {
                    let bootID = HostFacts.system.bootID()
                    if !bootID.isEmpty { _ = try store.dropVoidClaims(bootID: bootID, now: now) }
                } catch {
                    throw .failed(error)
                }
                var process = ClaimProcess(
                    ClaimRequest(
                        owner: owner, interface: interface, containerID: owner.uid, now: now,
                        demands: prepared.demands, declaredAddresses: prepared.declaredAddresses))
                let claims: [Claim]
                do throws(EngineFailure<StoreError>) {
                    claims = try store.run(&process)
                } catch {
                    switch error {
                    case .refused(let error): throw .refused(error)
                    case .store(let error): throw .failed(error)
                    }
                }
                throw .claims(claims)
            }
        } catch {
            switch error {
            case .refused(.claims(let claims)): return claims
            case .refused(.refused(let error)): throw refusal("\(error)")
            case .refused(.failed(let error)), .store(let error): throw Failure("\(error)")
            }
        }
        return []
    }

    /// How the transaction ends: always without its changes.
    private enum TakenBack: Error {
        case claims([Claim])
        case refused(AllocationError)
        case failed(StoreError)
    }
}
