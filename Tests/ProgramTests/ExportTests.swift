import JSONTree
import Testing

/// What one host writes down, another one takes back: to the last field.
@Suite struct ExportTests {
    /// A host with claims of every kind: dual stack, kept, resting.
    static func used() throws -> Host {
        let host = try Host()
        let both: JSONObject = ["default_ipv4_ippool": ["a"], "default_ipv6_ippool": ["a6"]]
        _ = try host.add(host.configuration(both), container: "c1", arguments: ChangedPoolTests.pod)
        var named = both
        named["identity"] = "db"
        _ = try host.add(host.configuration(named), container: "c2")
        #expect(try host.run("DEL", host.configuration(named), container: "c2").status == 0)
        _ = try host.add(host.configuration(both), container: "c3")
        #expect(try host.run("DEL", container: "c3").status == 0)
        let reservation = """
            {"apiVersion": "spiderpool.spidernet.io/v2beta1", "kind": "SpiderReservedIP",
             "metadata": {"name": "r"}, "spec": {"ips": ["10.6.9.9"]}}
            """
        #expect(try host.control("apply", "-f", "-", input: reservation).status == 0)
        return host
    }

    @Test(arguments: ["yaml", "json"]) func everythingComesBack(format: String) throws {
        let host = try Self.used()
        let exported = try host.control("export", "-o", format)
        #expect(exported.status == 0, "\(exported.diagnostics)")
        let other = try Host(nil)
        let planned = try other.control("import", "spiderpool", "-", input: exported.output)
        #expect(planned.status == 0, "\(planned.output)")
        #expect(planned.output.contains("4 to adopt. Nothing was changed"))
        #expect(!other.folder.contains("ipam.db"))
        let adopted = try other.control("import", "spiderpool", "--apply", "-", input: exported.output)
        #expect(adopted.status == 0, "\(adopted.output) \(adopted.diagnostics)")
        for claims in [["claims", "-o", "json"], ["get", "ippools", "-o", "wide"]] {
            #expect(try other.control(claims).output == host.control(claims).output)
        }
        #expect(try other.control("export", "-o", format).output == exported.output)
        #expect(try other.control("check").status == 0)
        // Once more changes nothing; and the identity is alive over there.
        let again = try other.control("import", "spiderpool", "--apply", "-", input: exported.output)
        #expect(again.output.contains("0 adopted, 4 there already."), "\(again.output)")
        #expect(try other.control("export", "-o", format).output == exported.output)
        let named = other.configuration([
            "default_ipv4_ippool": ["a"], "default_ipv6_ippool": ["a6"], "identity": "db",
        ])
        #expect(try other.add(named, container: "c9") == ["10.6.168.102/16", "fd00:6::101/64"])
    }

    @Test func anAddressThatSomebodyElseHasIsAConflict() throws {
        let host = try Self.used()
        let exported = try host.control("export").output
        let other = try Host()
        _ = try other.add(container: "mine")
        let before = try other.control("export").output
        let refused = try other.control("import", "spiderpool", "--apply", "-", input: exported)
        #expect(refused.status == 1)
        #expect(refused.output.contains("belongs to container mine, eth0"))
        #expect(refused.output.contains("1 conflict. Nothing was changed"))
        #expect(try other.control("export").output == before)
        #expect(
            try other.control("import", "spiderpool", "--apply", "--skip-conflicts", "-", input: exported).status == 0)
        #expect(try other.claims().count == 4)
    }

    @Test func oneWrongDocumentAndNothingIsApplied() throws {
        let host = try Self.used()
        let exported = try host.control("export").output
        for (part, wrong, error) in [
            ("seq: 1\n", "seq: -1\n", "seq: Invalid value"),
            ("ip: 10.6.168.101", "ip: 10.6.200.1", "ip: Invalid value: \"10.6.200.1\": not in 10.6.168.64/26"),
            ("subnet: 10.6.0.0/16", "subnet: 10.6.0.1/16", "spec.subnet: Invalid value"),
        ] {
            let other = try Host(nil)
            let text = exported.replacing(part, with: wrong, maxReplacements: 1)
            #expect(text != exported, "\(part)")
            let refused = try other.control("import", "spiderpool", "--apply", "-", input: text)
            #expect(refused.status == 1)
            #expect((refused.output + refused.diagnostics).contains(error), "\(refused.output) \(refused.diagnostics)")
            let claims = try other.control("claims", "-o", "name")
            #expect(claims.output.isEmpty)
            #expect(try other.control("get", "sp", "-o", "name").output.isEmpty)
        }
    }

    @Test func tenThousandClaims() throws {
        let pool: JSONValue = [
            "apiVersion": "spiderpool.spidernet.io/v2beta1", "kind": "SpiderIPPool", "metadata": ["name": "big"],
            "spec": ["subnet": "10.0.0.0/16", "ips": ["10.0.0.0-10.0.255.254"]],
        ]
        var documents = [pool]
        for block in 0..<157 {
            let base = block * 64
            let claims: [JSONValue] = (base..<base + 64).map { number in
                [
                    "ip": .string("10.0.\(number / 256).\(number % 256)"), "pool": "big", "ns": "shop",
                    "name": .string("web-\(number)"), "uid": .string("uid-\(number)"), "nic": "net1",
                    "container": .string("c\(number)"), "node": "n1", "seq": .number(JSONNumber(number % 64 + 1)),
                    "since": "2026-11-26T12:00:00.123Z",
                ]
            }
            documents.append([
                "apiVersion": "spiderpool.spidernet.io/v2beta1", "kind": "SpiderIPBlock",
                "metadata": ["name": .string("v4-10-0-\(base / 256)-\(base % 256)")],
                "spec": [
                    "cidr": .string("10.0.\(base / 256).\(base % 256)/26"), "sequence": 64, "claims": .array(claims),
                ],
            ])
        }
        let list: JSONValue = ["apiVersion": "v1", "kind": "List", "items": .array(documents)]
        let host = try Host(nil)
        let adopted = try host.control(
            ["import", "spiderpool", "--apply", "-o", "name", "-"], input: list.text(.compact))
        #expect(adopted.status == 0, "\(adopted.diagnostics)")
        let exported = try host.control("export", "-o", "json")
        let items = try #require(exported.document?["items"]?.arrayValue)
        #expect(Array(items.dropFirst()) == Array(documents.dropFirst()))
        #expect(try host.claims().count == 10_048)
        #expect(try host.control("check").status == 0)
    }

    @Test func whatARebootMadeVoidIsMarkedAndDoesNotHoldAPool() throws {
        let host = try Host()
        _ = try host.add(container: "c1")
        let exported = try host.control("export").output
        let boot = try #require(exported.split(separator: "\n").first { $0.contains("boot: ") })
        let other = try Host(nil)
        let earlier = exported.replacing(boot, with: boot.prefix { $0 != ":" } + ": earlier")
        #expect(try other.control("import", "spiderpool", "--apply", "-", input: earlier).status == 0)
        #expect(try host.control("claims").output.contains(" allocated "))
        #expect(try other.control("claims").output.contains(" void "))
        #expect(try allocatedCount(of: "a", on: host) == "1")
        #expect(try allocatedCount(of: "a", on: other) == "0")
        #expect(try host.control("delete", "ippool", "a").status == 1)
        #expect(try other.control("delete", "ippool", "a").status == 0)
        #expect(try other.claims() == [])
    }

    private func allocatedCount(of pool: String, on host: Host) throws -> String? {
        let lines = try host.control("get", "ippools", pool).output.split(separator: "\n")
        let head = try #require(lines.first).split(separator: " ")
        let row = try #require(lines.last).split(separator: " ")
        return head.firstIndex(of: "ALLOCATED-IP-COUNT").map { String(row[$0]) }
    }
}
