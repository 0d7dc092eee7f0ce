internal import IPAMCore
internal import NetlinkKit

extension DeviceNode {
    /// Why a plan was not carried out.
    struct Interruption: Error {
        let error: DeviceError
        /// Whether somebody else was there first, so that a new plan may do.
        let isRace: Bool
    }

    /// Carries out operations in their order. After a failure what was done is undone.
    mutating func apply(_ operations: [DeviceOperation], _ outcome: inout Outcome) throws(Interruption) {
        var done: [DeviceOperation] = []
        do throws(Interruption) {
            try carryOut(operations, &done, &outcome.warnings)
        } catch {
            let left = undo(done)
            guard !left.isEmpty else { throw error }
            let details = "\(error.error.details); and could not be undone: \(left.joined(separator: "; "))"
            throw Interruption(
                error: DeviceError(error.error.code, error.error.message, details: details), isRace: false)
        }
    }

    /// Undoes as much as possible, the last first.
    ///
    /// - Returns: What the kernel refused.
    private mutating func undo(_ done: [DeviceOperation]) -> [String] {
        var left: [String] = []
        for operation in done.reversed().compactMap(\.inverse) {
            var batch = RouteBatch()
            append(operation, to: &batch)
            do throws(NetlinkError) {
                // What is gone need not be undone.
                for failure in try socket.perform(batch) where failure.error.code != .notFound {
                    left.append("\(operation): \(failure.error)")
                }
            } catch {
                left.append("\(operation): \(error)")
            }
        }
        return left
    }

    /// Sends everything up to the next operation that has to see the result in one datagram: the kernel works through that
    /// within one system call, so that not even a killed process leaves a part of it.
    private mutating func carryOut(
        _ operations: [DeviceOperation], _ done: inout [DeviceOperation], _ warnings: inout [String]
    ) throws(Interruption) {
        var batch: [DeviceOperation] = []
        for operation in operations {
            switch operation {
            case .compare(let bond, let options):
                try send(&batch, &done)
                try compare(bond, options)
            case .awaitCarrier(let name):
                try send(&batch, &done)
                awaitCarrier(name, &warnings)
            case .activate(let member, let bond):
                try send(&batch, &done)
                activate(member, bond, &warnings)
            default: batch.append(operation)
            }
        }
        try send(&batch, &done)
    }

    private mutating func send(
        _ operations: inout [DeviceOperation], _ done: inout [DeviceOperation]
    ) throws(Interruption) {
        guard !operations.isEmpty else { return }
        var batch = RouteBatch()
        for operation in operations { append(operation, to: &batch) }
        let failures: [RouteBatch.Failure]
        do throws(NetlinkError) {
            failures = try socket.perform(batch)
        } catch {
            // It is not known what became of them; undoing what was not done is refused and does no harm.
            done += operations
            throw Interruption(error: DeviceError(error), isRace: false)
        }
        let failed = Set(failures.map(\.index))
        done += operations.indices.filter { !failed.contains($0) }.map { operations[$0] }
        // What follows the first failure failed because of it.
        if let first = failures.first { throw interruption(first.error, operations[first.index]) }
        operations = []
    }

    private func interruption(_ error: NetlinkError, _ operation: DeviceOperation) -> Interruption {
        let message = "the kernel refused to \(operation)"
        switch operation {
        case .makeVLAN(_, let vlan, let base, _) where error.code == .exists:
            return Interruption(
                error: DeviceError(
                    .mismatch, message,
                    details:
                        "vlanID: VLAN \(vlan) of \(base) already exists and is not visible here: it was moved to another "
                        + "network namespace, into a Pod for example; choose another VLAN, or remove it there (\(error))"
                ),
                isRace: true)
        case .makeBond, .makeVLAN:
            // A kernel without the kind; or the number that the link was to have was taken meanwhile.
            if error.code == .notSupported {
                return Interruption(
                    error: DeviceError(
                        .notSupported, message,
                        details: "this kernel knows no such device: \(DeviceError.moduleAdvice) (\(error))"),
                    isRace: false)
            }
            return Interruption(
                error: DeviceError(.kernel, message, details: "\(error)"),
                isRace: [.exists, .busy, .notFound].contains(error.code))
        default:
            return Interruption(
                error: DeviceError(.kernel, message, details: "\(error)"), isRace: error.code == .notFound)
        }
    }

    // MARK: Operations that look

    private mutating func compare(_ bond: InterfaceName, _ options: BondOptions) throws(Interruption) {
        do throws(NetlinkError) {
            guard case .bond(let present) = try socket.link(named: bond).details else { return }
            let differences = options.differences(from: present)
            guard !differences.isEmpty else { return }
            let words = differences.map { entry in
                let value = present[entry.option].map { entry.option.text(of: $0) } ?? "not known"
                return "\(entry.option): asked for \(entry.option.text(of: entry.value)), it is \(value)"
            }
            throw NetlinkError(.invalid, operation: "set options of \(bond)", detail: words.joined(separator: "; "))
        } catch {
            let details =
                "bond.options: \(error.detail.isEmpty ? "\(error)" : error.detail); leave these options, or use a newer kernel"
            throw Interruption(
                error: DeviceError(.kernel, "this kernel did not take options of \(bond)", details: details),
                isRace: false)
        }
    }

    private func awaitCarrier(_ name: InterfaceName, _ warnings: inout [String]) {
        guard let index = indices[name.text] else { return }
        do throws(NetlinkError) {
            try CarrierWatch.open(index).wait(until: MonotonicInstant.now + Self.carrierPatience)
        } catch {
            warnings.append("no member of \(name) has a carrier yet: \(error)")
        }
    }

    private mutating func activate(_ member: InterfaceName, _ bond: InterfaceName, _ warnings: inout [String]) {
        guard let bondIndex = indices[bond.text], let index = indices[member.text] else { return }
        var options = BondOptions()
        options[.activeSlave] = .link(index)
        do throws(NetlinkError) {
            try socket.update(bondIndex, LinkChange(bondOptions: options))
        } catch {
            warnings.append("\(member) could not be made the active member of \(bond): \(error)")
        }
    }

    /// How long a carrier is waited for: a switch port takes up to some seconds.
    private static var carrierPatience: Duration { .seconds(3) }
}
