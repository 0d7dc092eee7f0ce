internal import Glibc
internal import IPAMCore

extension HistoryEvent {
    /// What happened between two states of a block, in ascending order of the addresses.
    ///
    /// Claims and rests carry the moment of the change. Where a change left no moment behind, it is now.
    ///
    /// - Parameters:
    ///   - old: The block before.
    ///   - new: The same block after.
    ///   - changed: The slots in which the two differ; found out unless given.
    ///   - appearance: What a claim on an address is called that nobody owned before.
    /// - Returns: the events, not yet numbered.
    static func changes(
        from old: Block, to new: Block, in changed: UInt64? = nil, appearingAs appearance: Kind = .claimed
    ) -> [HistoryEvent] {
        var events: [HistoryEvent] = []
        let changed = changed ?? new.slotsDiffering(from: old)
        for claim in old.claims(in: changed) {
            let successor = new.claim(on: claim.address)
            guard successor != claim else { continue }
            if let successor, successor.hasSameOwner(as: claim) {
                var recorded = successor
                // Who looks for a container wants to see its end as well.
                if recorded.containerID.isEmpty { recorded.containerID = claim.containerID }
                let time = successor.since == claim.since ? Timestamp.clock : successor.since
                events.append(HistoryEvent(.change(of: claim, to: successor), recorded, at: time))
            } else {
                let end = new.rest(of: claim.address)?.since ?? successor?.since ?? .clock
                events.append(HistoryEvent(.released, claim, at: end))
                if let successor { events.append(HistoryEvent(appearance, successor, at: successor.since)) }
            }
        }
        for claim in new.claims(in: changed) where old.claim(on: claim.address) == nil {
            events.append(HistoryEvent(appearance, claim, at: claim.since))
        }
        for rest in new.rests where rest.reason == .quarantined && old.rest(of: rest.address) != rest {
            events.append(HistoryEvent(.quarantined, rest.address, holder: rest.holder, at: rest.since))
        }
        return events
    }
}

extension HistoryEvent.Kind {
    /// What a change is called after which the address has the same owner.
    fileprivate static func change(of old: Claim, to new: Claim) -> Self {
        if old.state != new.state { return new.state == .allocated ? .resumed : Self(rawValue: new.state.description) }
        return old.containerID == new.containerID ? .changed : .moved
    }
}

extension Timestamp {
    /// The present moment.
    fileprivate static var clock: Timestamp {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Timestamp(milliseconds: Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000)
    }
}

extension Claim {
    /// Whether a claim took the place of another one without a release: by identity, or by the interface of a container.
    fileprivate func hasSameOwner(as other: Claim) -> Bool {
        identity == other.identity || attachment == other.attachment && !containerID.isEmpty
    }
}
