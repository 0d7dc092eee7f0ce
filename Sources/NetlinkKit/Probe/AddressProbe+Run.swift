public import IPAMCore

extension AddressProbe {
    /// Asks the network, in the namespace of the calling thread.
    ///
    /// The link must be up; its carrier is waited for. It needs no address, and nothing is changed on it. From then on the
    /// thread is blocked for ``ProbeSchedule/longest`` at most when all gateways answer, and for twice that when one does not.
    ///
    /// - Parameters:
    ///   - targets: What is to be found out.
    ///   - link: Where to ask.
    ///   - schedule: How often and how long is asked.
    ///   - carrierWait: How long to wait for the carrier, within the deadline.
    ///   - seed: Decides jitter and nonce.
    ///   - deadline: When to give up.
    /// - Returns: A verdict for each target, in their order.
    /// - Throws: ``NetlinkError/Code/timedOut`` when the deadline or the end of `carrierWait` comes first; what the kernel says when the link is gone or
    ///   goes down meanwhile.
    public static func run(
        _ targets: [ProbeTarget], on link: ProbeLink, schedule: ProbeSchedule = ProbeSchedule(),
        carrierWait: Duration = .seconds(3), seed: UInt64 = .random(in: 0 ... .max), by deadline: MonotonicInstant
    ) throws(NetlinkError) -> [ProbeVerdict] {
        try CarrierWatch.open(link.index).wait(until: min(MonotonicInstant.now + carrierWait, deadline))
        let sockets = try ProbeSockets.open(for: targets, on: link.index)
        var probe = AddressProbe(
            targets, mac: link.mac, nodeAddresses: link.nodeAddresses, schedule: schedule, seed: seed,
            start: MonotonicInstant.now)
        while probe.nextDeadline != nil {
            let now = MonotonicInstant.now
            guard now < deadline else {
                throw NetlinkError(NetlinkError.Code.timedOut, operation: "probe addresses on link \(link.index)")
            }
            for frame in probe.advance(to: now) { try sockets.send(frame) }
            try sockets.receive(until: min(probe.nextDeadline ?? now, deadline)) { frame in
                probe.receive(frame, at: MonotonicInstant.now)
            }
        }
        return targets.compactMap { probe.verdict(on: $0) }
    }
}
