internal import IPAMCore

/// What a candidate has seen of a lease, and since when: times on other machines' clocks are never compared with its own.
struct LeaseObservation {
    private var seen: Lease?
    private var since: MonotonicInstant?

    /// Who held the lease when it was seen last.
    var holder: String? { seen?.holder.flatMap { $0.isEmpty ? nil : $0 } }

    /// Takes a look at a lease.
    ///
    /// - Parameters:
    ///   - lease: The lease as it is now.
    ///   - identity: The candidate.
    ///   - timing: The candidate's own times, for leases that have none.
    ///   - now: The candidate's clock.
    /// - Returns: whether the candidate may take it: it is its own, nobody's, or was not renewed for its duration.
    mutating func mayTake(_ lease: Lease, as identity: String, timing: LeaseTiming, now: MonotonicInstant) -> Bool {
        let isUnchanged =
            seen.map {
                $0.holder == lease.holder && $0.renewTime == lease.renewTime
                    && $0.metadata.uid == lease.metadata.uid && $0.transitions == lease.transitions
            } ?? false
        if !isUnchanged { since = now }
        seen = lease
        guard let holder, holder != identity, let since else { return true }
        let duration = lease.durationSeconds.map { Duration.seconds($0) } ?? timing.duration
        return since + duration <= now
    }

    /// The lease with the candidate as its holder.
    static func taken(_ lease: Lease, by identity: String, timing: LeaseTiming, at time: Timestamp) -> Lease {
        var lease = lease
        if lease.holder != identity {
            lease.acquireTime = time
            if lease.renewTime != nil { lease.transitions += 1 }
        }
        lease.holder = identity
        lease.durationSeconds = timing.durationSeconds
        lease.renewTime = time
        return lease
    }
}
