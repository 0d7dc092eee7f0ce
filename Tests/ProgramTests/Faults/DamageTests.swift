import EmbeddedStore
import Glibc
import IPAMCore
import JSONTree
import PoolModel
import Testing

/// Bytes of the file change behind everybody's back: an error that says what to do, never a crash, never two owners.
@Suite struct DamageTests {
    /// A host in use, its log copied back so that all is in the file.
    static func host() throws -> Host {
        let host = try Host()
        let names: JSONObject = ["default_ipv4_ippool": ["a", "b"]]
        for number in 0..<4 { _ = try host.add(host.configuration(names), container: "c\(number)") }
        _ = try host.add(
            host.configuration(["default_ipv6_ippool": ["a6"], "identity": "db"]), container: "fixed")
        try #require(try host.run("DEL", container: "c2").status == 0)
        try Program.system("sqlite3", host.store, "PRAGMA wal_checkpoint(TRUNCATE)", in: host.folder)
        return host
    }

    /// The owners of addresses, of a file that is whole.
    static func owners(_ host: Host) throws -> [IPAddress: String] {
        let claims = try EmbeddedStore(opening: host.store).claims()
        return Dictionary(claims.map { ($0.address, $0.containerID) }, uniquingKeysWith: { "\($0) \($1)" })
    }

    /// What the real programs make of a damaged file.
    struct Verdict {
        /// What ADD gave a new container.
        var given: [String] = []
        /// Whether something said that the file is not as it should be.
        var isNoticed = false
        /// Whether a repair left nothing to find.
        var isMended = false
    }

    /// Runs ADD, `check`, `check --repair`, `check` on the file as it is.
    static func judge(_ host: Host, _ place: String) throws -> Verdict {
        var verdict = Verdict()
        let configuration = host.configuration(["default_ipv4_ippool": ["a", "b"]])
        let add = try host.run("ADD", configuration, container: "new")
        #expect(add.status < 128, "\(place): ADD died")
        if add.status == 0 {
            verdict.given = (add.document?["ips"]?.arrayValue ?? []).compactMap { $0["address"]?.stringValue }
        } else {
            verdict.isNoticed = true
            // Or the pools cannot be found any more.
            let isExplained = add.refusal.contains("state file \(host.store) ") || add.refusal.hasPrefix("102 ")
            #expect(isExplained, "\(place): \(add.refusal)")
            if add.refusal.contains("is damaged") {
                #expect(add.refusal.contains("spiderpoolctl --store \(host.store) check --repair"))
            }
        }
        let check = try host.control("check")
        #expect(check.status < 128, "\(place): check died: \(check.diagnostics)")
        if check.status != 0 { verdict.isNoticed = true }
        let repair = try host.control("check", "--repair")
        #expect(repair.status < 128, "\(place): repair died: \(repair.diagnostics)")
        let again = try host.control("check")
        #expect(again.status < 128, "\(place): check died after a repair: \(again.diagnostics)")
        verdict.isMended = again.status == 0
        #expect(
            (repair.status == 0) == (again.status == 0),
            "\(place): repair \(repair.status) \(repair.diagnostics), check \(again.status) \(again.diagnostics)")
        return verdict
    }

    /// What nobody may get: the addresses that others had when the file was whole.
    static func expectNoSecondOwner(
        _ verdict: Verdict, _ owners: [IPAddress: String], _ place: String
    ) {
        for address in verdict.given {
            let text = address.split(separator: "/").first.map(String.init) ?? ""
            guard let address = try? IPAddress(parsing: text), let owner = owners[address] else { continue }
            Issue.record("\(place): \(address) of \(owner) was given to another container")
        }
    }

    /// A page at a time loses a few bits.
    @Test(arguments: [UInt64(1), 2, 17]) func flippedBits(seed: UInt64) throws {
        let model = try Self.host()
        let owners = try Self.owners(model)
        let intact = StateImage(of: model.folder)
        let bytes = try #require(intact.files["ipam.db"])
        var random = SeededGenerator(seed: seed)
        for page in 0..<bytes.count / 1024 {
            var image = intact
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let place = page * 1024 + Int.random(in: 0..<1024, using: &random)
                image.files["ipam.db"]?[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            }
            let host = Host.empty()
            image.write(to: host.folder)
            let verdict = try Self.judge(host, "seed \(seed), page \(page)")
            Self.expectNoSecondOwner(verdict, owners, "seed \(seed), page \(page)")
        }
    }

    /// The file ends early.
    @Test func truncatedAtEveryPage() throws {
        let model = try Self.host()
        let owners = try Self.owners(model)
        let intact = StateImage(of: model.folder)
        let bytes = try #require(intact.files["ipam.db"])
        for page in 0..<bytes.count / 1024 {
            var image = intact
            image.files["ipam.db"] = Array(bytes.prefix(page * 1024))
            let host = Host.empty()
            image.write(to: host.folder)
            let verdict = try Self.judge(host, "\(page) pages left")
            Self.expectNoSecondOwner(verdict, owners, "\(page) pages left")
            #expect(verdict.isNoticed, "\(page) pages left")
        }
    }

    struct Change: Sendable, CustomTestStringConvertible {
        let name: String
        /// What SQLite or the store says about it.
        let reason: String
        /// Whether the file is still whole without the log.
        var isWhole = false
        let change: @Sendable (inout StateImage) -> Void
        var testDescription: String { name }
    }

    static let changes = [
        Change(name: "zeroed header", reason: "is not a state file of this program") {
            $0.files["ipam.db"]?.replaceSubrange(0..<100, with: [UInt8](repeating: 0, count: 100))
        },
        Change(name: "zeroed first page", reason: "is not a state file of this program") {
            $0.files["ipam.db"]?.replaceSubrange(0..<1024, with: [UInt8](repeating: 0, count: 1024))
        },
        Change(name: "other application", reason: "is not a state file of this program") {
            $0.files["ipam.db"]?[68] ^= 1
        },
        Change(name: "no bytes at all", reason: "does not exist (the file is empty)") { $0.files["ipam.db"] = [] },
        Change(name: "a log of noise", reason: "", isWhole: true) {
            var random = SeededGenerator(seed: 3)
            $0.files["ipam.db-wal"] = (0..<9000).map { _ in UInt8.random(in: 0...255, using: &random) }
        },
        Change(name: "a log that ends early", reason: "", isWhole: true) {
            $0.files["ipam.db-wal"] = [0x37, 0x7f, 0x06, 0x82]
        },
        Change(name: "an index of the log of noise", reason: "", isWhole: true) {
            var random = SeededGenerator(seed: 4)
            $0.files["ipam.db-shm"] = (0..<32768).map { _ in UInt8.random(in: 0...255, using: &random) }
        },
    ]

    @Test(arguments: changes) func wholeParts(_ change: Change) throws {
        let model = try Self.host()
        let owners = try Self.owners(model)
        var image = StateImage(of: model.folder)
        change.change(&image)
        let host = Host.empty()
        image.write(to: host.folder)
        let configuration = host.configuration(["default_ipv4_ippool": ["a", "b"]])
        if change.isWhole {
            let verdict = try Self.judge(host, change.name)
            Self.expectNoSecondOwner(verdict, owners, change.name)
            #expect(verdict.given.count == 1 && !verdict.isNoticed && verdict.isMended)
            return
        }
        let status = host.configuration(version: "1.1.0")
        for answer in [
            try host.run("ADD", configuration, container: "new").refusal, try host.run("STATUS", status).refusal,
            try host.control("check", "--repair").diagnostics, try host.control("claims").diagnostics,
        ] { #expect(answer.contains("state file \(host.store) \(change.reason)"), "\(answer)") }
        #expect(host.folder.bytes(of: "ipam.db") == image.files["ipam.db"], "the file was changed")
    }

    @Test func aDatabaseOfSomebodyElse() throws {
        let host = Host.empty()
        try Program.system("sqlite3", host.store, "CREATE TABLE t(x); INSERT INTO t VALUES(1)", in: host.folder)
        let before = host.folder.bytes(of: "ipam.db")
        for answer in [
            try host.run("ADD").refusal, try host.run("DEL").refusal, try host.control("check", "--repair").diagnostics,
            try host.control("apply", "-f", "-", input: Host.pools).diagnostics,
        ] { #expect(answer.contains("state file \(host.store) is not a state file of this program"), "\(answer)") }
        #expect(host.folder.bytes(of: "ipam.db") == before)
    }

    /// Nothing tells a log that it belongs to another file, but the result shows.
    @Test func theLogOfAnotherFile() throws {
        let model = try Self.host()
        let other = try Host()
        for number in 0..<3 { _ = try other.add(container: "other-\(number)") }
        var image = StateImage(of: model.folder)
        image.files["ipam.db-wal"] = StateImage(of: other.folder).files["ipam.db-wal"]
        image.files["ipam.db-shm"] = nil
        let host = Host.empty()
        image.write(to: host.folder)
        let verdict = try Self.judge(host, "the log of another file")
        #expect(verdict.isNoticed)
    }
}
