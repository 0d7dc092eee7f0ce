internal import CNITypes
internal import EmbeddedStore
internal import Glibc
internal import IPAMCore
internal import IPAMEngine
internal import PoolModel

/// The plugin's commands on the state file of this host.
struct EmbeddedCommands {
    let facts: HostFacts
    let settings: IPAMSettings
    let call: CNICall
    let probe: WireProbe

    init(_ plugin: IPAMPlugin, _ settings: IPAMSettings, _ call: CNICall) {
        facts = plugin.hostFacts
        probe = plugin.wireProbe
        self.settings = settings
        self.call = call
    }

    private var nodeName: String { settings.nodeName ?? facts.hostName() }

    func open(
        onlyForTransactions: Bool = false, waitingAtLeast patience: Duration = .zero
    ) throws(StoreError) -> EmbeddedStore {
        let remaining = MonotonicInstant.now.duration(to: call.deadline)
        return try EmbeddedStore(
            opening: settings.store, lockTimeout: min(max(remaining, patience), .seconds(30)),
            onlyForTransactions: onlyForTransactions)
    }

    // MARK: ADD

    /// What an ADD answers, and what an administrator should know about it.
    struct Addition {
        let result: CNIResult
        /// The claims behind it.
        let claims: [Claim]
        /// The same as the wire is asked about them.
        let candidates: [AddressDetection.Candidate]
        /// What a restarted workload gave back.
        let released: [OutdatedPools.Release]
        /// Mistakes in the workload file that concern others.
        let workloadProblems: [FieldError]
        /// Why the wire was not asked although it should have been.
        var notAsked: String?
    }

    func add(_ request: CNIAddRequest, _ detection: inout AddressDetection) throws(CNIError) -> Addition {
        let call = try AddCall(request, settings, nodeName: nodeName)
        return settings.detection.isOn ? try addDetecting(call, request, &detection) : try claim(call)
    }

    /// Claims addresses in one transaction, which begins with `preparation`.
    func claim(
        _ call: AddCall,
        after preparation: (inout EmbeddedStore, Allocation) throws(StoreError) -> Void = { _, _ in }
    ) throws(CNIError) -> Addition {
        let failure = "spiderpool IP allocation error"
        let allocation = call.allocation(settings, node: nodeName, bootID: facts.bootID(), now: facts.now())
        var store: EmbeddedStore
        do throws(StoreError) {
            store = try open(onlyForTransactions: true)
        } catch {
            throw Self.describe(error, failure)
        }
        do throws(TransactionFailure<CNIError>) {
            return try store.transaction(durably: call.isFixed) { store throws(CNIError) in
                let outcome: AllocationOutcome
                do throws(StoreError) {
                    try preparation(&store, allocation)
                    outcome = try store.allocate(allocation)
                } catch {
                    throw Self.describe(error, failure)
                }
                let claims: [Claim]
                do throws(AllocationRefusal) { claims = try outcome.answer.get() } catch { throw Self.describe(error) }
                return Addition(
                    result: result(of: claims, outcome, call),
                    claims: claims,
                    candidates: claims.map { claim in
                        .init(
                            address: claim.address, gateway: outcome.prepared?.pools[claim.pool]?.gateway,
                            settings: settings.detection)
                    },
                    released: outcome.released,
                    workloadProblems: call.workloadProblems)
            }
        } catch {
            switch error {
            case .store(let error): throw Self.describe(error, failure)
            case .refused(let error): throw error
            }
        }
    }

    private func result(of claims: [Claim], _ outcome: AllocationOutcome, _ call: AddCall) -> CNIResult {
        var addresses: [CNIAddress] = []
        var routed: [RoutePlan.Address] = []
        // IPv4 before IPv6, whichever was preferred.
        for claim in claims.sorted(by: { $0.address.family < $1.address.family }) {
            guard let pool = outcome.prepared?.pools[claim.pool],
                let address = InterfaceAddress(claim.address, prefixLength: pool.subnet.prefixLength)
            else { preconditionFailure("a claim was made from a pool that was not looked at") }
            addresses.append(CNIAddress(address, gateway: pool.gateway))
            let isClean = outcome.plan?.request.cleanGateway ?? false
            routed.append(RoutePlan.Address(interface: call.interface, pool: pool, cleanGateway: isClean))
        }
        let routes = RoutePlan(routed, custom: call.customRoutes).interfaces.flatMap(\.routes)
        return CNIResult(
            interfaces: [], ips: addresses, routes: routes.map { CNIRoute($0.destination, gateway: $0.gateway) })
    }

    static func describe(_ error: PoolSelectionError) -> CNIError {
        CNIError(
            error.code == .wrongInput ? .invalidConfiguration : .noFreeAddress, "spiderpool IP allocation error",
            details: "\(error)")
    }

    private static func describe(_ refusal: AllocationRefusal) -> CNIError {
        switch refusal {
        case .selection(let error):
            return describe(error)
        case .allocation(let error):
            return CNIError(
                error.code == .contention ? .tryAgainLater : .noFreeAddress, "spiderpool IP allocation error",
                details: "\(error)")
        }
    }

    // MARK: The other commands

    func delete(_ request: CNIDeleteRequest) throws(CNIError) -> [Claim] {
        do throws(StoreError) {
            var store = try open(onlyForTransactions: true)
            return try release(request.attachment.claimed, network: nil, in: &store)
        } catch {
            // Without a file nothing was ever given away.
            if error.code == .missing { return [] }
            throw Self.describe(error, "spiderpool IP release error")
        }
    }

    private func release(
        _ attachment: Claim.Attachment, network: String?, in store: inout EmbeddedStore
    ) throws(StoreError) -> [Claim] {
        let now = facts.now()
        do throws(TransactionFailure<EngineFailure<StoreError>>) {
            return try store.transaction(durably: false) { store throws(EngineFailure<StoreError>) in
                var process = ReleaseProcess(attachment, network: network, now: now)
                return try store.run(&process)
            }
        } catch {
            switch error {
            case .store(let error), .refused(.store(let error)): throw error
            case .refused(.refused(let error)):
                throw StoreError(.busy, path: store.path, detail: "\(error)")
            }
        }
    }

    func check(_ request: CNICheckRequest) throws(CNIError) {
        let message = "spiderpool IP check error"
        let claimed: Set<IPAddress>
        let unclaimed: Set<IPAddress>
        do throws(StoreError) {
            var store = try open()
            claimed = Set(try store.claims(of: request.attachment.claimed).map(\.address))
            unclaimed = try Self.ofPools(request.givenAddresses.subtracting(claimed), in: store)
        } catch {
            throw Self.describe(error, message)
        }
        try request.compare(owned: claimed, unclaimed: unclaimed)
    }

    /// Those that some pool declares; addresses of other origin are not ours to judge.
    private static func ofPools(
        _ addresses: Set<IPAddress>, in store: borrowing EmbeddedStore
    ) throws(StoreError) -> Set<IPAddress> {
        guard !addresses.isEmpty else { return [] }
        let pools = try store.pools().map(\.declaredAddresses)
        return addresses.filter { address in pools.contains { $0.contains(address) } }
    }

    /// All claims are of this host, whatever it was called when they were made: it may have got another name since.
    func collectGarbage(_ request: CNIGarbageRequest) throws(CNIError) -> [Claim] {
        let valid = Set(request.validAttachments.map(\.claimed))
        let network = call.configuration.name.text
        do throws(StoreError) {
            var store = try open()
            let gone = Set(
                try store.claims().filter { claim in
                    claim.network == network && claim.state == .allocated && !valid.contains(claim.attachment)
                }.map(\.attachment))
            var freed: [Claim] = []
            for attachment in gone { freed += try release(attachment, network: network, in: &store) }
            return freed.sorted { $0.address < $1.address }
        } catch {
            if error.code == .missing { return [] }
            throw Self.describe(error, "spiderpool IP release error")
        }
    }

    func status() throws(CNIError) {
        do throws(StoreError) {
            var store = try open(onlyForTransactions: true)
            try store.checkReadiness()
            guard try store.countPools() > 0 else {
                throw StoreError(.missing, path: store.path, detail: "it holds no pool")
            }
        } catch {
            throw CNIError(.notAvailable, "spiderpool cannot give addresses", details: "\(error)")
        }
    }

    private static func describe(_ error: StoreError, _ message: String) -> CNIError {
        CNIError(error.code == .busy ? .tryAgainLater : .inputOutput, message, details: "\(error)")
    }
}

extension CNIError.Code {
    /// What `ADD` made and what is recorded no longer agree.
    static let stateMismatch = Self(rawValue: 105)
}

extension CNIAttachment {
    /// The attachment as claims record it.
    fileprivate var claimed: Claim.Attachment {
        Claim.Attachment(containerID: containerID.text, interface: interfaceName.text)
    }
}
