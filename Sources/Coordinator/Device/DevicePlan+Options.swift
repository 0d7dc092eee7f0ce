internal import IPAMCore
internal import NetlinkKit

extension DevicePlan {
    /// Compares a bond that is there, option by option.
    ///
    /// - Returns: The options that have to be changed and what they are now; `nil` when there are none.
    /// - Throws: ``DeviceError`` that lists what differs and cannot be changed.
    func change(
        _ bond: DeviceBond, _ options: BondOptions, isUp: Bool, isEmpty: Bool
    ) throws(DeviceError) -> (new: BondOptions, old: BondOptions)? {
        var wanted = bond.options
        wanted[.mode] = .number(UInt32(bond.mode.rawValue))
        var new = BondOptions()
        var old = BondOptions()
        var fixed: [String] = []
        for entry in wanted.differences(from: options) {
            let condition = entry.option.rule.condition
            let isPossible =
                (isEmpty || !condition.contains(.hasNoMembers)) && (!isUp || !condition.contains(.isDown))
            if isPossible, bond.existing == .update {
                new[entry.option] = entry.value
                old[entry.option] = options[entry.option]
            } else {
                let present = options[entry.option].map { entry.option.text(of: $0) } ?? "not known to this kernel"
                let asked = entry.option.text(of: entry.value)
                fixed.append("\(entry.option) differs: it is \(present), \(asked) is asked for")
            }
        }
        guard fixed.isEmpty else {
            let remedy =
                bond.existing == .strict
                ? "change the configuration, or the bond"
                : "these cannot be changed while it runs: change the configuration, or remove the bond when no Pod uses it "
                    + "(ip link delete dev \(bond.name))"
            throw mismatch(bond, fixed.joined(separator: "; "), remedy: remedy)
        }
        return new.entries.isEmpty ? nil : (new, old)
    }
}

extension BondOptions {
    /// The options that another bond has otherwise, with the values that they have here.
    ///
    /// Delays are compared as the kernel keeps them: rounded down to whole steps of `miimon`.
    func differences(from other: BondOptions) -> [Entry] {
        let step: UInt32? =
            switch self[.miimon] ?? other[.miimon] {
            case .number(let number)? where number > 0: number
            default: nil
            }
        return entries.filter { entry in
            guard entry.option.rule.needsMiimon, let step, case .number(let number) = entry.value else {
                return other[entry.option] != entry.value
            }
            return other[entry.option] != .number(number - number % step)
        }
    }
}
