internal import CNITypes
internal import EmbeddedStore
internal import IPAMCore
internal import IPAMEngine

extension EmbeddedCommands {
    /// Claims addresses and asks the wire about them; where somebody uses one it is quarantined and the next one claimed,
    /// until all are free, nothing is left, or the time is over.
    ///
    /// The wire is asked outside of all transactions, with the file closed: others need not wait for it.
    func addDetecting(
        _ call: AddCall, _ request: CNIAddRequest, _ detection: inout AddressDetection
    ) throws(CNIError) -> Addition {
        let isFixed = call.isFixed
        var addition = try claim(call) { store, allocation throws(StoreError) in
            // What a workload had before stays its own; nobody has asked about a first address yet.
            guard isFixed else { return }
            detection.kept = Set(
                try store.ownedClaims(of: allocation.identity, attachment: allocation.attachment).map(\.address))
        }
        while true {
            let targets = detection.targets(for: addition.candidates)
            if targets.isEmpty { return addition }
            let step: AddressDetection.Step
            do throws(CNIError) {
                let answer = try probe.ask(
                    WireQuestion(
                        namespacePath: request.namespacePath, interface: request.attachment.interfaceName,
                        targets: targets, deadline: self.call.deadline))
                switch answer {
                case .notAsked(let reason):
                    addition.notAsked = reason
                    return addition
                case .findings(let findings):
                    step = detection.judge(findings, on: targets)
                }
            } catch {
                throw giveUp(addition, detection, because: detection.explained(error))
            }
            switch step {
            case .accept:
                return addition
            case .refuse(let error):
                throw giveUp(addition, detection, because: error)
            case .replace:
                do throws(CNIError) {
                    let known = detection
                    let used = addition.temporary(known).filter { known.user(of: $0.address) != nil }
                    addition = try claim(call) { store, allocation throws(StoreError) in
                        try store.giveUp(used, usedBy: known, now: allocation.now)
                    }
                } catch {
                    throw giveUp(addition, detection, because: detection.explained(error))
                }
            }
        }
    }

    /// Gives up what a refused call has claimed; what others use is quarantined.
    ///
    /// - Returns: the error, with the reason if something could not be given up.
    private func giveUp(
        _ addition: Addition, _ detection: AddressDetection, because refusal: CNIError
    ) -> CNIError {
        let claims = addition.temporary(detection)
        guard !claims.isEmpty else { return refusal }
        let now = facts.now()
        do throws(TransactionFailure<StoreError>) {
            // The time may be over; without this the addresses would stay claimed until the runtime's DEL.
            var store: EmbeddedStore
            do throws(StoreError) {
                store = try open(onlyForTransactions: true, waitingAtLeast: .seconds(1))
            } catch {
                throw .store(error)
            }
            try store.transaction(durably: false) { store throws(StoreError) in
                try store.giveUp(claims, usedBy: detection, now: now)
            }
            return refusal
        } catch {
            let failure =
                switch error {
                case .store(let failure), .refused(let failure): failure
                }
            return CNIError(
                refusal.code, refusal.message,
                details: "\(refusal.details); addresses stay claimed until DEL: \(failure)")
        }
    }
}

extension EmbeddedCommands.Addition {
    /// The claims that do not outlive a refusal.
    fileprivate func temporary(_ detection: AddressDetection) -> [Claim] {
        let addresses = detection.temporary(among: candidates)
        return claims.filter { addresses.contains($0.address) }
    }
}

extension EmbeddedStore {
    /// Ends claims; those that others were seen using are quarantined.
    fileprivate mutating func giveUp(
        _ claims: [Claim], usedBy detection: AddressDetection, now: Timestamp
    ) throws(StoreError) {
        for claim in claims {
            let user = detection.user(of: claim.address)
            var changes = [AddressProcess.Change.reclaim(claim)]
            if user != nil { changes.append(.quarantine) }
            for change in changes {
                var process = AddressProcess(change, of: claim.address, holder: user?.mac, now: now)
                do throws(EngineFailure<StoreError>) {
                    _ = try run(&process)
                } catch {
                    switch error {
                    case .store(let error): throw error
                    case .refused(let error): throw StoreError(.busy, path: path, detail: "\(error)")
                    }
                }
            }
        }
    }
}
