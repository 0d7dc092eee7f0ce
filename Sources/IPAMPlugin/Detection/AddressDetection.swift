internal import CNITypes
internal import IPAMCore

/// What one ADD has found out about addresses, and what follows from it.
///
/// ```text
///   claims ──► targets ──► the wire ──► judge ──► accept
///     ▲                                   ├─────► replace: give up what others use, claim the next
///     └───────────────────────────────────┘─────► refuse: give up all that is new
/// ```
struct AddressDetection {
    /// An address that was claimed.
    struct Candidate: Hashable {
        let address: IPAddress
        let gateway: IPAddress?
        /// What is to be found out about it.
        let settings: DetectionSettings
    }

    /// An address that somebody uses.
    struct Conflict: Hashable {
        let address: IPAddress
        let user: AddressUser
    }

    /// What follows from an answer.
    enum Step: Equatable {
        case accept
        /// Give up the claims that are used by others, and claim other addresses.
        case replace
        case refuse(CNIError)
    }

    let interface: String
    /// Addresses that their workload had before this call and keeps, whoever else uses them.
    var kept: Set<IPAddress> = []
    /// All that were found in use, in the order in which that was found.
    private(set) var conflicts: [Conflict] = []
    /// Addresses about which all is known that is to be known.
    private var cleared: Set<IPAddress> = []
    /// Addresses that the link has.
    private var configured: Set<IPAddress> = []

    init(interface: String) { self.interface = interface }

    /// What is still to be asked about some addresses.
    func targets(for candidates: [Candidate]) -> [WireQuestion.Target] {
        candidates.compactMap { candidate in
            guard !cleared.contains(candidate.address) else { return nil }
            let gateway = candidate.settings.asksGateways ? candidate.gateway : nil
            guard candidate.settings.findsConflicts || gateway != nil else { return nil }
            return WireQuestion.Target(
                address: candidate.address, findsConflict: candidate.settings.findsConflicts, gateway: gateway)
        }
    }

    /// Takes notice of what was found out.
    mutating func judge(_ findings: [WireAnswer.Finding], on targets: [WireQuestion.Target]) -> Step {
        var unreachable: [IPAddress] = []
        var found: [Conflict] = []
        for (target, finding) in zip(targets, findings) {
            switch finding {
            case .free:
                cleared.insert(target.address)
            case .configured:
                cleared.insert(target.address)
                configured.insert(target.address)
            case .used(let user):
                found.append(Conflict(address: target.address, user: user))
            case .unreachable:
                if let gateway = target.gateway { unreachable.append(gateway) }
            }
        }
        conflicts += found
        let lasting = found.filter { kept.contains($0.address) }
        if !lasting.isEmpty {
            return .refuse(
                conflictError(
                    lasting,
                    details: "the workload keeps its address: end the use of it by others, or give it back"
                        + " (spiderpoolctl release)"))
        }
        if !unreachable.isEmpty {
            let texts = Set(unreachable).sorted().map { "gateway \($0) is unreachable" }
            return .refuse(
                CNIError(
                    .gatewayUnreachable, texts.joined(separator: "; "),
                    details: "asked for on \(interface), which was up, without an answer"))
        }
        return found.isEmpty ? .accept : .replace
    }

    /// The addresses that do not outlive a refusal: those that are kept or configured, somebody goes on using.
    func temporary(among candidates: [Candidate]) -> [IPAddress] {
        candidates.map(\.address).filter { !kept.contains($0) && !configured.contains($0) }
    }

    /// Who uses an address; `nil` when nobody was seen.
    func user(of address: IPAddress) -> AddressUser? { conflicts.first { $0.address == address }?.user }

    /// What an error that ended the search becomes: conflicts are named, as they are what it comes from.
    func explained(_ error: CNIError) -> CNIError {
        conflicts.isEmpty ? error : conflictError(conflicts, details: "\(error)")
    }

    private static let namedConflicts = 8

    private func conflictError(_ conflicts: [Conflict], details: String) -> CNIError {
        var texts = conflicts.prefix(Self.namedConflicts).map { conflict in
            "pod's interface \(interface) with an conflicting ip \(conflict.address), "
                + "\(conflict.address) is located at \(conflict.user)"
        }
        if conflicts.count > texts.count { texts.append("and \(conflicts.count - texts.count) more") }
        return CNIError(
            .addressConflict, "ip conflict: " + texts.joined(separator: "; "), details: details)
    }
}
