import IPAMCore
import Testing

/// Every operation with many random cases against Python's `ipaddress`.
///
/// `ORACLE_CASES` sets the number of cases of each operation, `ORACLE_SEED` the seed.
@Suite struct OracleTests {
    static let cases = RunSetting.number("ORACLE_CASES", default: 100_000)
    static let seed = RunSetting.number("ORACLE_SEED", default: 1)

    @Test(arguments: OracleOperation.all) func agreesWithPython(_ operation: OracleOperation) throws {
        let oracle = PythonOracle(operation: operation.name, seed: Self.seed, count: Self.cases)
        let (cases, differences) = try oracle.run(operation.answer)
        #expect(
            differences.isEmpty,
            "ORACLE_SEED=\(Self.seed) ORACLE_CASES=\(Self.cases)\n\(differences.joined(separator: "\n"))")
        if differences.isEmpty { #expect(cases == Self.cases, "the oracle ended early: \(oracle.command)") }
    }
}

/// One operation: our answer to a case, in the words of `oracle.py`.
struct OracleOperation: Sendable, CustomTestStringConvertible {
    let name: String
    let answer: @Sendable (String) -> String
    var testDescription: String { name }

    static let all: [OracleOperation] = [
        OracleOperation(name: "ipv4-text") { input in
            guard let address = IPv4Address(input) else { return "refused" }
            return "\(address.bits) \(address)"
        },
        OracleOperation(name: "ipv6-text") { input in
            guard let address = IPv6Address(input) else { return "refused" }
            return "\(address.bits) \(address)"
        },
        OracleOperation(name: "refusal") { IPAddress($0)?.description ?? "refused" },
        OracleOperation(name: "network-refusal") { (try? CIDR(lenientParsing: $0))?.description ?? "refused" },
        OracleOperation(name: "predicates", answer: predicates),
        OracleOperation(name: "arithmetic", answer: arithmetic),
        OracleOperation(name: "network-text", answer: networkText),
        OracleOperation(name: "network-values", answer: networkValues),
        OracleOperation(name: "network-relations", answer: networkRelations),
        OracleOperation(name: "cover", answer: cover),
        OracleOperation(name: "union") { input in texts(AddressSet(networks(input)).cidrs) },
        OracleOperation(name: "difference", answer: difference),
        OracleOperation(name: "order") { input in texts(networks(input).sorted()) },
    ]
}

extension OracleOperation {
    private static func words(_ input: String) -> [String] { input.split(separator: " ").map(String.init) }

    private static func networks(_ input: String) -> [CIDR] { words(input).compactMap { CIDR($0) } }

    private static func texts(_ cidrs: some Sequence<CIDR>) -> String {
        cidrs.map(\.description).joined(separator: " ")
    }

    private static let perFamily:
        [(name: String, four: (@Sendable (IPv4Address) -> Bool)?, six: (@Sendable (IPv6Address) -> Bool)?)] = [
            ("6to4", nil, \.is6to4), ("benchmarking", \.isBenchmarking, nil), ("discard", nil, \.isDiscard),
            ("documentation", \.isDocumentation, \.isDocumentation), ("global-unicast", nil, \.isGlobalUnicast),
            ("link-local", \.isLinkLocal, \.isLinkLocal), ("loopback", \.isLoopback, \.isLoopback),
            ("mapped", nil, \.isIPv4Mapped), ("multicast", \.isMulticast, \.isMulticast), ("nat64", nil, \.isNAT64),
            ("private", \.isPrivate, \.isUniqueLocal), ("protocol", \.isProtocolAssignment, nil),
            ("shared", \.isShared, nil), ("site-local", nil, \.isSiteLocal), ("this-network", \.isThisNetwork, nil),
        ]

    @Sendable private static func predicates(_ input: String) -> String {
        guard let address = IPAddress(input) else { return "refused" }
        let names = perFamily.filter { row in
            switch address {
            case .v4(let four): row.four?(four) ?? false
            case .v6(let six): row.six?(six) ?? false
            }
        }
        return names.isEmpty ? "-" : names.map(\.name).joined(separator: " ")
    }

    @Sendable private static func arithmetic(_ input: String) -> String {
        let words = words(input)
        guard let address = IPAddress(words[0]), let offset = UInt128(words[1]), let other = IPAddress(words[2]) else {
            return "refused"
        }
        let sum = address.adding(offset)?.description ?? "nil"
        let difference = address.subtracting(offset)?.description ?? "nil"
        let distance = address.distance(to: other).map { "\($0)" } ?? "nil"
        return "\(sum) \(difference) \(distance)"
    }

    @Sendable private static func networkText(_ input: String) -> String {
        guard let lenient = try? CIDR(lenientParsing: input) else { return "refused" }
        do throws(AddressParseError) {
            return "accepted \(try CIDR(parsing: input))"
        } catch {
            guard error.proposal == lenient.description else { return "proposes \(error.proposal ?? "nothing")" }
            return "\(error.code == .hostBitsSet ? "host-bits" : "spelling") \(lenient)"
        }
    }

    @Sendable private static func networkValues(_ input: String) -> String {
        let words = words(input)
        guard let network = CIDR(words[0]), let higher = Int(words[1]), let deeper = Int(words[2]),
            let ancestor = network.supernet(prefixLength: higher), let subnets = network.subnets(prefixLength: deeper)
        else { return "refused" }
        let parent = network.supernet?.description ?? "nil"
        return "\(network.lastAddress) \(network.mask) \(network.count) \(parent) \(ancestor) \(texts(subnets))"
    }

    @Sendable private static func networkRelations(_ input: String) -> String {
        let words = words(input)
        guard let first = CIDR(words[0]), let second = CIDR(words[1]), let address = IPAddress(words[2]) else {
            return "refused"
        }
        let answers = [
            first.contains(second), first.overlaps(second), first.contains(address), first < second,
            first.isAdjacent(to: second),
        ]
        return answers.map { $0 ? "y" : "n" }.joined(separator: " ")
    }

    @Sendable private static func cover(_ input: String) -> String {
        let words = words(input)
        guard let first = IPAddress(words[0]), let last = IPAddress(words[1]) else { return "refused" }
        let range = AddressRange(first, last)
        return "\(range.count) \(texts(range.cidrs))"
    }

    @Sendable private static func difference(_ input: String) -> String {
        let sides = input.split(separator: "-").map { AddressSet(networks(String($0))) }
        let left = sides[0].subtracting(sides[1])
        // The same by another way.
        guard left == sides[0].symmetricDifference(sides[0].intersection(sides[1])) else { return "disagrees" }
        return left.isEmpty ? "-" : texts(left.cidrs)
    }
}
