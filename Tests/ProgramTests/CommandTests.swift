import Glibc
import JSONTree
import Testing

@Suite struct CommandTests {
    @Test func applySaysWhatChanged() throws {
        let host = try Host(nil)
        let created = try host.control("apply", "-f", "-", input: Host.pools)
        #expect(created.output == "spiderippool/a created\nspiderippool/b created\nspiderippool/a6 created\n")
        let again = try host.control(
            "apply", "-f", "-", input: Host.pools.replacing("10.6.0.254", with: "10.6.0.253"))
        #expect(again.output == "spiderippool/a configured\nspiderippool/b unchanged\nspiderippool/a6 unchanged\n")
    }

    @Test func oneMistakeOfOneFileStopsAll() throws {
        let host = try Host(nil)
        host.folder.write(Host.pools, to: "good.yaml")
        host.folder.write(
            """
            apiVersion: spiderpool.spidernet.io/v2beta1
            kind: SpiderIPPool
            metadata: {name: bad}
            spec:
              subnet: 10.7.0.0/16
              ips:
                - 10.7.0.9-10.7.0.1
              gateway: 10.8.0.1
            """, to: "bad.yaml")
        let bad = host.folder.path("bad.yaml")
        let outcome = try host.control("apply", "-f", host.folder.path("good.yaml"), "-f", bad)
        #expect(outcome.status == 1)
        #expect(outcome.output.isEmpty)
        #expect(outcome.diagnostics.contains("\(bad):7: document 1, SpiderIPPool \"bad\": spec.ips[0]: Invalid value"))
        #expect(outcome.diagnostics.contains("\(bad):8: document 1, SpiderIPPool \"bad\": spec.gateway: Invalid value"))
        #expect(outcome.diagnostics.contains("Nothing was changed."))
        #expect(!host.folder.contains("ipam.db"))
    }

    @Test func aDryRunChangesNothing() throws {
        let host = try Host()
        let change = Host.pools.replacing("10.6.0.254", with: "10.6.0.253")
        #expect(
            try host.control("apply", "--dry-run", "-f", "-", input: change).output.hasPrefix(
                "spiderippool/a configured (dry run)"))
        #expect(try host.control("apply", "-f", "-", input: Host.pools).output.hasPrefix("spiderippool/a unchanged"))
    }

    @Test func getShowsPoolsForPeopleAndPrograms() throws {
        let host = try Host()
        _ = try host.add()
        let table = try host.control("get", "ippools").output.split(separator: "\n").map { $0.split(separator: " ") }
        #expect(table[0] == ["NAME", "VERSION", "SUBNET", "ALLOCATED-IP-COUNT", "TOTAL-IP-COUNT", "DEFAULT"])
        #expect(table[1] == ["a", "4", "10.6.0.0/16", "1", "4", "false"])
        #expect(table[2] == ["a6", "6", "fd00:6::/64", "0", "65280", "false"])
        let pool = try #require(try host.control("get", "sp", "a", "-o", "json").document)
        #expect(pool["status"]?["allocatedIPCount"] == 1)
        #expect(pool["status"]?["allocatedIPs"] == #"{"10.6.168.101":{"pod":"box","podUid":"box"}}"#)
        #expect(
            try host.control("get", "ippools", "-o", "name").output
                == "spiderippool/a\nspiderippool/a6\nspiderippool/b\n")
        let missing = try host.control("get", "ippool", "a", "nope")
        #expect(missing.status == 1)
        #expect(missing.diagnostics.contains("spiderippool nope does not exist"))
    }

    @Test func whatGetPrintsCanBeApplied() throws {
        let host = try Host()
        for format in ["yaml", "json"] {
            let printed = try host.control("get", "ippools", "-o", format)
            let copy = try Host(nil)
            #expect(try copy.control("apply", "-f", "-", input: printed.output).status == 0)
            let again = try copy.control("get", "ippools", "-o", format)
            // Only the moment of creation is the copy's own.
            func lasting(_ text: String) -> [Substring] {
                text.split(separator: "\n").filter { !$0.contains("creationTimestamp") }
            }
            #expect(lasting(again.output) == lasting(printed.output))
            #expect(lasting(printed.output).contains { $0.contains("172.20.0.0/16") })
        }
    }

    @Test func aPoolInUseIsNotDeleted() throws {
        let host = try Host()
        _ = try host.add()
        let refused = try host.control("delete", "ippool", "a")
        #expect(refused.status == 1)
        #expect(refused.diagnostics.contains("1 address is still in use"))
        #expect(try host.run("DEL").status == 0)
        #expect(try host.control("delete", "ippool", "a").output == "spiderippool/a deleted\n")
        #expect(try host.control("delete", "ippool", "a").status == 1)
        #expect(try host.control("delete", "--ignore-not-found", "ippool", "a").status == 0)
    }

    @Test func claimsCanBeFiltered() throws {
        let host = try Host()
        _ = try host.add(container: "c1", arguments: "K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web;K8S_POD_UID=u")
        _ = try host.add(host.configuration(["default_ipv4_ippool": ["b"]]), container: "c2")
        func addresses(_ filter: String...) throws -> String {
            try RunningProgram(
                [Program.spiderpoolctl, "claims", "--store", host.folder.store, "-o", "name"] + filter, in: host.folder
            ).wait().output
        }
        #expect(try addresses() == "10.6.168.101\n10.6.168.201\n")
        #expect(try addresses("--pool", "b") == "10.6.168.201\n")
        #expect(try addresses("--container", "c1") == "10.6.168.101\n")
        #expect(try addresses("--owner", "shop/web") == "10.6.168.101\n")
        #expect(try addresses("10.6.168.201") == "10.6.168.201\n")
        #expect(try addresses("--pool", "a", "10.6.168.201") == "")
        #expect(try host.control("claims", "10.6.168.999").status == 64)
    }

    @Test func explainAnswersWhatAnAddWould() throws {
        let host = try Host()
        let served = try host.control("explain", "--ipv4-pool", "a", "--ipv6-pool", "a6")
        #expect(served.status == 0)
        #expect(served.output.contains("An ADD would answer 10.6.168.101 from a."))
        #expect(served.output.contains("An ADD would answer fd00:6::100 from a6."))
        #expect(try host.claims() == [])
        for number in 1...4 { _ = try host.add(container: "c\(number)") }
        let refusal = try #require(try host.run("ADD").document?["details"]?.stringValue)
        let refused = try host.control("explain", "--ipv4-pool", "a")
        #expect(refused.status == 1)
        #expect(refused.output.hasSuffix("An ADD would be refused: \(refusal)\n"))
        let unknown = try host.control("explain", "--ipv4-pool", "nope", "--ipv4-pool", "b*")
        #expect(unknown.output.contains("no such IPPool nope"))
        #expect(unknown.output.contains("An ADD would answer 10.6.168.201 from b."))
    }

    @Test func helpNamesEveryOptionAndUsageErrorsAreTold() throws {
        let host = try Host(nil)
        for (command, options) in [
            ("apply", ["--filename", "--dry-run", "--store"]), ("get", ["--output", "--store"]),
            ("delete", ["--ignore-not-found"]), ("claims", ["--pool", "--container", "--owner", "--output"]),
            (
                "explain",
                ["--interface", "--ipv4-pool", "--namespace", "--pod", "--identity", "--workloads", "--uid", "--node"]
            ),
            ("history", ["--at", "--since", "--until", "--limit"]),
        ] {
            let help = try host.control(command, "--help")
            #expect(help.status == 0)
            for option in options { #expect(help.output.contains(option), "\(command) \(option)") }
        }
        #expect(try host.control("get", "pods").status == 64)
        #expect(try host.control("nonsense").status == 64)
        #expect(try host.control("get", "ippools").diagnostics.contains("does not exist; create it by applying a pool"))
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func completionIsGenerated(shell: String) throws {
        let host = try Host(nil)
        let outcome = try host.control("--generate-completion-script", shell)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("explain"))
        guard shell == "bash" else { return }
        host.folder.write(outcome.output, to: "completion")
        try Program.system("bash", "-n", host.folder.path("completion"), in: host.folder)
    }
}

extension CommandTests {
    @Test func checkAndBackupWorkOnTheFileInUse() throws {
        let host = try Host()
        let addresses = try host.add()
        #expect(try host.control("check").output == "Nothing is wrong with \(host.folder.store).\n")
        try Program.system(
            "sqlite3", host.folder.store, "DELETE FROM owners", in: host.folder)
        let found = try host.control("check")
        #expect(found.status == 1)
        #expect(found.output.contains("inconsistency: 10.6.168.101: the index lacks its owner box"))
        #expect(found.diagnostics.contains("mend with --repair"))
        #expect(try host.control("check", "--repair").status == 0)
        #expect(try host.add() == addresses)
        let copy = host.folder.path("copy.db")
        #expect(try host.control("backup", copy).status == 0)
        let restored = try RunningProgram(
            [Program.spiderpoolctl, "--store", copy, "claims", "-o", "name"], in: host.folder
        ).wait()
        #expect(restored.output == "10.6.168.101\n")
        #expect(try host.control("backup", copy).status == 1)
    }
}
