import IPAMCore
import JSONTree
import PoolModel
import Testing

@Suite struct ImportPlanTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        /// `address container [interface [pool]]`
        let records: [String]
        /// `address container interface`
        var existing: [String] = []
        let verdicts: [String]

        var testDescription: String { name }
    }

    static let rows: [Row] = [
        Row(name: "free", records: ["10.6.0.11 c eth0"], verdicts: ["adopt a"]),
        Row(
            name: "ascending", records: ["10.6.0.12 c eth0", "fd00::1 c eth0", "10.6.0.11 d eth0"],
            verdicts: ["adopt a", "adopt a", "adopt six"]),
        Row(name: "excluded", records: ["10.6.0.15 c eth0"], verdicts: ["adopt a, excluded in pool a"]),
        Row(name: "reserved", records: ["10.6.0.16 c eth0"], verdicts: ["adopt a, reserved"]),
        Row(name: "in no pool", records: ["10.6.0.99 c eth0"], verdicts: ["conflict no pool has this address in"]),
        Row(
            name: "in no pool, though it names one", records: ["10.6.0.99 c eth0 a"],
            verdicts: ["conflict no pool has this address of pool a in"]),
        Row(
            name: "in another pool than it says", records: ["10.6.0.11 c eth0 old"],
            verdicts: ["adopt a, recorded in pool old"]),
        Row(
            name: "one pool excludes what another offers", records: ["10.6.0.31 c eth0"], verdicts: ["adopt c"]),
        Row(
            name: "several pools", records: ["10.6.0.41 c eth0", "10.6.0.42 c eth0 d"],
            verdicts: ["conflict several pools have it: b, d", "adopt d"]),
        Row(
            name: "there already", records: ["10.6.0.11 c eth0"], existing: ["10.6.0.11 c eth0"],
            verdicts: ["present a"]),
        Row(
            name: "there already, in another sandbox", records: ["10.6.0.11 u eth0"],
            existing: ["10.6.0.11 c eth0 u"], verdicts: ["present a"]),
        Row(
            name: "owned by another", records: ["10.6.0.11 c eth0"], existing: ["10.6.0.11 d eth0"],
            verdicts: ["conflict belongs to container d, eth0"]),
        Row(
            name: "owned by another interface", records: ["10.6.0.11 c eth0"], existing: ["10.6.0.11 c net1"],
            verdicts: ["conflict belongs to container c, net1"]),
        Row(name: "given twice", records: ["10.6.0.11 c eth0", "10.6.0.11 c eth0"], verdicts: ["adopt a"]),
        Row(
            name: "two owners", records: ["10.6.0.11 c eth0", "10.6.0.11 d eth0"],
            verdicts: ["adopt a", "conflict f gives it to container c, eth0"]),
        Row(
            name: "no interface", records: ["10.6.0.11 c", "fd00::1 c"],
            verdicts: ["adopt a, the interface is not recorded; eth0", "adopt six, the interface is not recorded"]),
        Row(
            name: "no interface, twice", records: ["10.6.0.11 c", "10.6.0.12 c"],
            verdicts: ["adopt a, the interface", "conflict the interface is not recorded, and eth0 of container c has"]),
        Row(
            name: "no interface, but the assumed one is taken", records: ["10.6.0.11 c", "10.6.0.12 c eth0"],
            verdicts: ["conflict the interface is not recorded", "adopt a"]),
        Row(
            name: "no interface, there already", records: ["10.6.0.11 c"], existing: ["10.6.0.11 c eth0"],
            verdicts: ["present a"]),
        Row(
            name: "several addresses of one recorded interface", records: ["10.6.0.11 c eth0", "10.6.0.12 c eth0"],
            verdicts: ["adopt a", "adopt a"]),
    ]

    @Test(arguments: rows) func verdicts(_ row: Row) throws {
        let pools = [
            try pool("a", #"{"subnet": "10.6.0.0/16", "ips": ["10.6.0.10-10.6.0.20"], "excludeIPs": ["10.6.0.15"]}"#),
            try pool("b", #"{"subnet": "10.6.0.0/16", "ips": ["10.6.0.30-10.6.0.50"], "excludeIPs": ["10.6.0.31"]}"#),
            try pool("c", #"{"subnet": "10.6.0.0/16", "ips": ["10.6.0.31"]}"#),
            try pool("d", #"{"subnet": "10.6.0.0/16", "ips": ["10.6.0.41-10.6.0.42"]}"#),
            try pool("six", #"{"subnet": "fd00::/64", "ips": ["fd00::1-fd00::f"]}"#),
        ]
        let plan = ImportPlan(
            try row.records.map(record), pools: pools,
            reservations: [try reserved("r", #"{"ips": ["10.6.0.16"]}"#)], existing: try row.existing.map(claim))
        let texts = plan.entries.map { entry in
            let warnings = entry.warnings.isEmpty ? "" : ", " + entry.warnings.joined(separator: ", ")
            return switch entry.verdict {
            case .adopt(let pool): "adopt \(pool)\(warnings)"
            case .present(let pool): "present \(pool)\(warnings)"
            case .conflict(let reason): "conflict \(reason)"
            }
        }
        #expect(texts.count == row.verdicts.count)
        for (text, wanted) in zip(texts, row.verdicts) {
            #expect(wanted.contains(" ") && text.hasPrefix(wanted), "\(text)")
            if !wanted.contains(","), !wanted.hasPrefix("conflict") { #expect(text == wanted) }
        }
    }

    private func record(_ text: String) throws -> ImportedClaim {
        let words = text.split(separator: " ").map(String.init)
        return ImportedClaim(
            address: try address(words[0]), owner: Claim.Owner(uid: words[1]), containerID: words[1],
            interface: words.count > 2 ? words[2] : nil, pool: words.count > 3 ? words[3] : nil, file: "f")
    }

    private func claim(_ text: String) throws -> Claim {
        let words = text.split(separator: " ").map(String.init)
        return Claim(
            address: try address(words[0]), pool: "a", owner: Claim.Owner(uid: words.count > 3 ? words[3] : words[1]),
            interface: words[2], containerID: words[1], since: IPAMCore.Timestamp(seconds: 0))
    }
}
