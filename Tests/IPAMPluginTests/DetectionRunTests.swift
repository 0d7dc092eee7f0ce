import CNITypes
import EmbeddedStore
import Glibc
import IPAMCore
import JSONTree
import Testing

@testable import IPAMPlugin

/// The plugin on a real state file, with a wire on which some addresses are in use.
@Suite struct DetectionRunTests {
    static let mac = MACAddress(0x0a, 0, 0, 0, 0, 0x01)

    /// A wire on which somebody uses all addresses of a list.
    static func wire(usedBy addresses: [String], log: Asked = Asked()) -> WireProbe {
        WireProbe { question in
            log.add(question)
            return .findings(
                question.targets.map { addresses.contains("\($0.address)") ? .used(AddressUser(mac: mac)) : .free })
        }
    }

    /// What a wire was asked.
    final class Asked: Sendable {
        private let questions = Locked<[WireQuestion]>([])
        func add(_ question: WireQuestion) { questions.update { $0.append(question) } }
        var addresses: [[String]] { questions.value.map { $0.targets.map { "\($0.address)" } } }
        var first: WireQuestion? { questions.value.first }
    }

    static func addresses(_ answer: JSONValue?) -> [String?] {
        (answer?["ips"]?.arrayValue ?? []).map { $0["address"]?.stringValue }
    }

    static func quarantined(_ host: PluginRun) throws -> [String] {
        try host.store().quarantines(at: Timestamp(seconds: host.seconds)).map {
            "\($0.address) \($0.holder?.description ?? "-")"
        }
    }

    @Test func nothingIsAskedUnlessItIsSwitchedOn() throws {
        let host = try PluginRun()
        let asked = Asked()
        host.wireProbe = Self.wire(usedBy: ["10.0.0.10"], log: asked)
        #expect(Self.addresses(host.run("ADD").1) == ["10.0.0.10/24", "fd00::10/64"])
        #expect(asked.addresses.isEmpty)
    }

    @Test func theHostsFileSwitchesOnAndTheNetworkDecides() throws {
        let host = try PluginRun()
        let asked = Asked()
        host.wireProbe = Self.wire(usedBy: [], log: asked)
        let file = open("\(host.folder)/host.json", O_WRONLY | O_CREAT, 0o600)
        let text = #"{"enableIPConflictDetection": true}"#
        #expect(write(file, text, text.utf8.count) == text.utf8.count)
        close(file)
        #expect(host.code("ADD") == 0)
        #expect(asked.addresses == [["10.0.0.10", "fd00::10"]])
        #expect(asked.first?.namespacePath == "/ns" && asked.first?.interface.text == "eth0")
        host.keys = ["enableIPConflictDetection": false]
        #expect(host.code("ADD", container: "other") == 0)
        #expect(asked.addresses.count == 1)
    }

    @Test func theNextFreeAddressIsFound() throws {
        let host = try PluginRun()
        host.keys = ["enableIPConflictDetection": true]
        let asked = Asked()
        host.wireProbe = Self.wire(usedBy: ["10.0.0.10", "10.0.0.11", "fd00::10"], log: asked)
        #expect(Self.addresses(host.run("ADD").1) == ["10.0.0.12/24", "fd00::11/64"])
        #expect(asked.addresses == [["10.0.0.10", "fd00::10"], ["10.0.0.11", "fd00::11"], ["10.0.0.12"]])
        #expect(try host.store().claims().map { "\($0.address)" } == ["10.0.0.12", "fd00::11"])
        #expect(
            try Self.quarantined(host) == ["10.0.0.10 \(Self.mac)", "10.0.0.11 \(Self.mac)", "fd00::10 \(Self.mac)"])
        // Ten minutes later they may be tried again.
        host.seconds += 601
        #expect(try Self.quarantined(host).isEmpty)
    }

    @Test func aPoolThatOthersUseAltogetherIsRefusedAndNothingIsLeft() throws {
        let host = try PluginRun()
        host.keys = ["enableIPConflictDetection": true]
        host.wireProbe = Self.wire(usedBy: (10...19).map { "10.0.0.\($0)" })
        let (code, answer) = host.run("ADD")
        #expect(code == 100)
        #expect(answer?["msg"]?.stringValue?.contains("10.0.0.10 is located at \(Self.mac)") == true)
        #expect(answer?["details"]?.stringValue?.contains("all IP addresses used out") == true)
        #expect(try host.store().claims().isEmpty)
        #expect(try Self.quarantined(host).count == 10)
        // One family will do.
        host.keys["family_policy"] = "either"
        #expect(Self.addresses(host.run("ADD").1) == ["fd00::11/64"])
    }

    @Test func whenTheWireCannotBeAskedNothingIsLeft() throws {
        let host = try PluginRun()
        host.keys = ["enableIPConflictDetection": true]
        host.wireProbe = WireProbe { _ throws(CNIError) in throw CNIError(.tryAgainLater, "no carrier") }
        #expect(host.code("ADD") == 11)
        #expect(try host.store().claims().isEmpty)
        host.wireProbe = WireProbe { _ in .notAsked("there is no link eth0 yet") }
        #expect(host.code("ADD") == 0)
    }

    @Test func conflictsAreNamedWhenTheTimeIsOver() throws {
        let host = try PluginRun()
        host.keys = ["enableIPConflictDetection": true]
        let first = Self.wire(usedBy: ["10.0.0.10"])
        host.wireProbe = WireProbe { question throws(CNIError) in
            guard question.targets.contains(where: { "\($0.address)" == "10.0.0.10" }) else {
                throw CNIError(.tryAgainLater, "timed out")
            }
            return try first.ask(question)
        }
        let (code, answer) = host.run("ADD")
        #expect(code == 100)
        #expect(answer?["details"] == "timed out")
        #expect(try host.store().claims().isEmpty)
        #expect(try Self.quarantined(host) == ["10.0.0.10 \(Self.mac)"])
    }

    /// An identity keeps what it had, and nothing else: on its first day it goes on to the next as everybody does.
    @Test func aNameKeepsItsAddressButNotAFirstOne() throws {
        let host = try PluginRun()
        host.keys = ["enableIPConflictDetection": true, "identity": "db"]
        host.wireProbe = Self.wire(usedBy: ["10.0.0.10"])
        #expect(Self.addresses(host.run("ADD").1) == ["10.0.0.11/24", "fd00::10/64"])
        #expect(host.code("DEL") == 0)
        host.wireProbe = Self.wire(usedBy: ["10.0.0.11"])
        #expect(host.code("ADD", container: "again") == 100)
        #expect(try host.store().claims().map { "\($0.address)" } == ["10.0.0.11", "fd00::10"])
        host.wireProbe = Self.wire(usedBy: [])
        #expect(Self.addresses(host.run("ADD", container: "third").1) == ["10.0.0.11/24", "fd00::10/64"])
    }
}
