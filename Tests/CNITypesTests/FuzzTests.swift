import CNITypes
import Foundation
import IPAMCore
import JSONTree
import Testing

/// How much is tried, and from where: `FUZZ_ITERATIONS` and `FUZZ_SEED` make a run longer or repeat it.
private enum Fuzz {
    static let iterations = Int(ProcessInfo.processInfo.environment["FUZZ_ITERATIONS"] ?? "") ?? 20_000
    static let seed = UInt64(ProcessInfo.processInfo.environment["FUZZ_SEED"] ?? "") ?? .random(in: 0 ... .max)
}

/// Configurations that serve, of every version.
private func samples() throws -> [[UInt8]] {
    try CNIVersion.allCases.map { version in
        let members: JSONObject = [
            "prevResult": try CNIResult.sample().json(version: version),
            "ipam": ["type": "host-local", "ü": "\u{1f600}"],
            "dns": ["nameservers": ["10.0.0.1"]], "cni.dev/valid-attachments": [["containerID": "a", "ifname": "b"]],
        ]
        return Array(config(version.rawValue, members).utf8)
    }
}

/// Whether a runtime can make sense of what it sees.
private func isProper(_ observation: Observation) -> Bool {
    observation.isProperFailure
        || observation.exitCode == 0 && observation.documents.count <= 1 && observation.diagnostics.isEmpty
}

@Test func everyPrefixOfAConfigurationIsRefused() throws {
    for sample in try samples() {
        for length in 0..<sample.count {
            let observation = invoke(variables("ADD"), Array(sample[..<length]))
            #expect(observation.isProperFailure && observation.code == 6, "first \(length) bytes")
        }
        #expect(invoke(variables("ADD"), sample).exitCode == 0)
    }
}

@Test func damagedConfigurationsAreAnsweredProperly() throws {
    var generator = SplitMix64(seed: Fuzz.seed)
    let samples = try samples()
    let commands = ["ADD", "DEL", "CHECK", "GC", "STATUS", "VERSION"]
    let interesting = Array("{}[]\",:\\0-eE.ntfu \u{0}\u{7f}".utf8) + [0x80, 0xc0, 0xed, 0xf4, 0xff]
    for iteration in 0..<Fuzz.iterations {
        var bytes = samples[Int.random(in: 0..<samples.count, using: &generator)]
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            let byte = interesting[Int.random(in: 0..<interesting.count, using: &generator)]
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 1: bytes[place] = byte
            case 2: bytes.insert(byte, at: place)
            case 3: bytes.remove(at: place)
            case 4: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0...20, using: &generator)))
            default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 30)], at: place)
            }
        }
        let command = commands[Int.random(in: 0..<commands.count, using: &generator)]
        let observation = invoke(variables(command), bytes)
        #expect(isProper(observation), "FUZZ_SEED=\(Fuzz.seed), case \(iteration): \(command) \(observation.text)")
    }
}

@Test func damagedEnvironmentsAreAnsweredProperly() throws {
    var generator = SplitMix64(seed: Fuzz.seed)
    let names = ["CNI_COMMAND", "CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME", "CNI_ARGS", "CNI_NETNS_OVERRIDE"]
    let pieces = [
        "", "ADD", "DEL", "=", ";", "a", "IgnoreUnknown=1", "K8S_POD_NAME", "/", "..", "é", " ", "\n", "-", "1",
    ]
    for iteration in 0..<Fuzz.iterations / 4 {
        var environment = variables(["ADD", "DEL", "CHECK", "STATUS"].randomElement(using: &generator))
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let text = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &generator)]
            }.joined()
            environment[names[Int.random(in: 0..<names.count, using: &generator)]] = text
        }
        let observation = invoke(environment, config("1.1.0", ["prevResult": [:]]))
        let isAbout = observation.exitCode == 0 && observation.documents.isEmpty
        #expect(isProper(observation) || isAbout, "FUZZ_SEED=\(Fuzz.seed), case \(iteration): \(environment)")
    }
}
