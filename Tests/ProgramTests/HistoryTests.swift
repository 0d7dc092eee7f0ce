import Glibc
import JSONTree
import Testing

@Suite struct HistoryTests {
    /// A host on which a Pod got an address, lost it, and a container without a name got another.
    static func sample() throws -> Host {
        let host = try Host()
        let pod = "K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web-0;K8S_POD_UID=u1"
        #expect(try host.add(container: "abcdef0123456789", arguments: pod) == ["10.6.168.101/16"])
        #expect(try host.run("DEL", container: "abcdef0123456789", arguments: pod).status == 0)
        #expect(
            try host.add(host.configuration(["default_ipv4_ippool": ["b"]]), container: "box") == ["10.6.168.201/16"])
        return host
    }

    /// The events of `history -o json`, in one line each.
    static func events(_ host: Host, _ arguments: String...) throws -> [String] {
        let outcome = try RunningProgram(
            [Program.spiderpoolctl, "--store", host.folder.store, "history", "-o", "json"] + arguments, in: host.folder
        ).wait()
        try #require(outcome.status == 0, "\(outcome.diagnostics)")
        return (outcome.document?["history"]?.arrayValue ?? []).map { event in
            ["event", "address", "containerID"].map { event[$0]?.stringValue ?? "?" }.joined(separator: " ")
        }
    }

    @Test func eventsAreShownForPeopleAndPrograms() throws {
        let host = try Self.sample()
        let table = try host.control("history").output.split(separator: "\n").map { $0.split(separator: " ") }
        #expect(table[0] == ["TIME", "ADDRESS", "EVENT", "POOL", "OWNER", "INTERFACE", "CONTAINER"])
        #expect(table[1][1...] == ["10.6.168.101", "claimed", "a", "shop/web-0", "eth0", "abcdef012345"])
        #expect(table[2][1...] == ["10.6.168.101", "released", "a", "shop/web-0", "eth0", "abcdef012345"])
        #expect(table[3][1...] == ["10.6.168.201", "claimed", "b", "-", "eth0", "box"])
        #expect(table.count == 4)
        let wide = try host.control("history", "-o", "wide").output
        #expect(wide.contains("abcdef0123456789") && wide.contains("SEQUENCE"))
        #expect(try host.control("history", "-o", "name").output == "10.6.168.101\n10.6.168.101\n10.6.168.201\n")
        let event = try #require(
            try host.control("history", "-o", "json").document?["history"]?.arrayValue?.first?.objectValue)
        #expect(
            event.members.map(\.key) == [
                "time", "event", "address", "pool", "namespace", "name", "uid", "interface", "containerID", "node",
                "sequence",
            ])
        #expect(try host.control("history", "-o", "yaml").output.contains("event: released"))
        #expect(try host.control("check").status == 0)
    }

    @Test func eventsCanBeFiltered() throws {
        let host = try Self.sample()
        let (claimed, released) = (
            "claimed 10.6.168.101 abcdef0123456789", "released 10.6.168.101 abcdef0123456789"
        )
        let box = "claimed 10.6.168.201 box"
        #expect(try Self.events(host) == [claimed, released, box])
        #expect(try Self.events(host, "10.6.168.201") == [box])
        #expect(try Self.events(host, "--container", "abc") == [claimed, released])
        #expect(try Self.events(host, "--owner", "shop/web-0") == [claimed, released])
        #expect(try Self.events(host, "--pool", "b") == [box])
        #expect(try Self.events(host, "--since", "1h") == [claimed, released, box])
        #expect(try Self.events(host, "--until", "1d12h") == [])
        #expect(try Self.events(host, "--since", "2000-01-01T00:00:00Z", "--until", "2001-01-01T00:00:00+01:00") == [])
        #expect(try Self.events(host, "--limit", "1") == [box])
        let limited = try host.control("history", "--limit", "2")
        #expect(limited.diagnostics == "Only the newest 2 are shown; ask for more with --limit.\n")
        #expect(try host.control("history", "--limit", "3").diagnostics == "")
        let none = try host.control("history", "--pool", "nope")
        #expect(none.status == 0 && none.output == "" && none.diagnostics == "No events.\n")
    }

    @Test func whoHadAnAddressIsAnswered() throws {
        let host = try Self.sample()
        let list = try #require(try host.control("history", "-o", "json").document?["history"]?.arrayValue)
        let times = list.compactMap { $0["time"]?.stringValue }
        try #require(times.count == 3)
        let held = try host.control("history", "10.6.168.101", "--at", times[0])
        #expect(held.status == 0)
        #expect(
            held.output == "10.6.168.101 belonged to shop/web-0 (container abcdef0123456789, interface eth0, pool a, "
                + "since \(times[0]), until \(times[1])) at \(times[0]).\n")
        let nobody = try host.control("history", "10.6.168.101", "--at", times[1])
        #expect(nobody.status == 0)
        #expect(nobody.output == "Nobody had 10.6.168.101 at \(times[1]).\n")
        #expect(
            try host.control("history", "10.6.168.101", "--at", times[1], "-o", "json").document?["holder"] == .null)
        let present = try host.control("history", "10.6.168.201", "--at", "0s", "-o", "json").document
        #expect(present?["address"] == "10.6.168.201")
        #expect(present?["holder"]?["containerID"] == "box")
        #expect(present?["holder"]?["since"] == .string(times[2]))
        #expect(present?["holder"]?["until"] == nil)
        #expect(
            try host.control("history", "10.6.168.201", "--at", "0s").output.hasPrefix(
                "10.6.168.201 belonged to container box (interface eth0, pool b, since "))
        let early = try host.control("history", "10.6.168.101", "--at", "2000-01-01T00:00:00Z")
        #expect(early.status == 1 && early.output == "")
        #expect(
            early.diagnostics.contains(
                "the history does not tell who had 10.6.168.101 at 2000-01-01T00:00:00.000Z: it begins at "))
        let future = try host.control("history", "10.6.168.101", "--at", "9999-01-01T00:00:00Z")
        #expect(future.status == 1 && future.diagnostics.contains("lies in the future"))
    }

    @Test(arguments: [
        ["--at", "1h"], ["10.6.168.101", "--at", "yesterday"], ["10.6.168.101", "--at", "1h", "--pool", "a"],
        ["--since", "2"], ["--since", ""], ["--since", "h"], ["--since", "99999999999999999999w"],
        ["--until", "2026-02-30T00:00:00Z"], ["--limit", "0"], ["10.6.168.999"],
    ]) func aWrongCommandLineIsTold(arguments: [String]) throws {
        let host = try Host(nil)
        let outcome = try RunningProgram(
            [Program.spiderpoolctl, "--store", host.folder.store, "history"] + arguments, in: host.folder
        ).wait()
        #expect(outcome.status == 64)
        #expect(!outcome.diagnostics.isEmpty)
    }

    /// A file of a program without a history gets one, and serves on.
    @Test func aFileWithoutAHistoryGetsOne() throws {
        let host = try Host()
        let addresses = try host.add(container: "old")
        try Program.system(
            "sqlite3", host.folder.store,
            "DROP TABLE history; DELETE FROM meta WHERE key = 'history'; PRAGMA user_version = 1", in: host.folder)
        #expect(try host.add(container: "old") == addresses)
        #expect(try host.add(container: "new") == ["10.6.168.102/16"])
        #expect(try Self.events(host) == ["claimed 10.6.168.102 new"])
        #expect(try host.control("history", "10.6.168.101", "--at", "0s").output.contains("belonged to container old"))
        #expect(try host.control("check").status == 0)
    }
}
