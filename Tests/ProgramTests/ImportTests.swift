import Glibc
import JSONTree
import Testing

@Suite struct ImportTests {
    // MARK: host-local

    /// Lets Debian's `host-local` give addresses to containers; returns its folder of the network.
    private func hostLocal(_ host: Host, _ containers: [String], command: String = "ADD") throws -> String {
        let data = host.folder.path("networks")
        let configuration: JSONValue = [
            "cniVersion": "1.0.0", "name": "rack",
            "ipam": [
                "type": "host-local", "dataDir": .string(data),
                "ranges": [
                    [["subnet": "10.6.0.0/16", "rangeStart": "10.6.168.101", "rangeEnd": "10.6.168.104"]],
                    [["subnet": "fd00:6::/64", "rangeStart": "fd00:6::100"]],
                ],
            ],
        ]
        for container in containers {
            let outcome = try RunningProgram(
                ["/usr/lib/cni/host-local"],
                environment: [
                    "CNI_COMMAND": command, "CNI_CONTAINERID": container, "CNI_IFNAME": "eth0",
                    "CNI_NETNS": "/nowhere", "CNI_PATH": "/usr/lib/cni",
                ], input: configuration.text(), in: host.folder
            ).wait()
            try #require(outcome.status == 0, "\(outcome.output)")
        }
        return data + "/rack"
    }

    private let dualStack: JSONObject = ["default_ipv4_ippool": ["a"], "default_ipv6_ippool": ["a6"]]

    @Test func whatHostLocalGaveIsAdopted() throws {
        let host = try Host()
        let folder = try hostLocal(host, ["one", "two"])

        let plan = try host.control("import", "host-local", folder)
        #expect(plan.status == 0, "\(plan.diagnostics)")
        #expect(plan.output.contains("4 to adopt. Nothing was changed; adopt with --apply."))
        #expect(try host.claims().isEmpty)

        let applied = try host.control("import", "host-local", folder, "--apply")
        #expect(applied.status == 0, "\(applied.diagnostics)")
        #expect(applied.output.hasSuffix("4 adopted.\n"))
        let expected = [
            "10.6.168.101 eth0 one", "10.6.168.102 eth0 two", "fd00:6::100 eth0 one", "fd00:6::101 eth0 two",
        ]
        #expect(try host.claims() == expected)
        #expect(try host.control("check").status == 0)

        let again = try host.control("import", "host-local", "--apply", folder + "/")
        #expect(again.output.hasSuffix("0 adopted, 4 there already.\n"))
        #expect(try host.claims() == expected)

        // Nobody else gets them, and the same container gets them again.
        let configuration = host.configuration(dualStack)
        #expect(try host.add(configuration, container: "three") == ["10.6.168.103/16", "fd00:6::102/64"])
        #expect(try host.add(configuration, container: "one") == ["10.6.168.101/16", "fd00:6::100/64"])
        #expect(try host.add(configuration, container: "four") == ["10.6.168.104/16", "fd00:6::103/64"])
        #expect(try host.run("ADD", configuration, container: "five").status == 1)

        // A DEL of an adopted container frees what it had, and nothing else.
        #expect(try host.run("DEL", configuration, container: "two").status == 0)
        #expect(try !host.claims().contains { $0.hasSuffix(" two") })
        #expect(try host.claims().count == 6)
        #expect(try host.add(configuration, container: "five") == ["10.6.168.102/16", "fd00:6::104/64"])
    }

    @Test func garbageCollectionKnowsTheNetwork() throws {
        let host = try Host()
        let folder = try hostLocal(host, ["one", "two"])
        #expect(try host.control("import", "host-local", folder, "--apply").status == 0)
        let valid: JSONObject = ["cni.dev/valid-attachments": [["containerID": "two", "ifname": "eth0"]]]
        #expect(try host.run("GC", host.configuration(version: "1.1.0", more: valid)).status == 0)
        #expect(try host.claims() == ["10.6.168.102 eth0 two", "fd00:6::101 eth0 two"])
    }

    @Test func whatStandsInTheWayStopsAll() throws {
        let host = try Host()
        let configuration = host.configuration()
        #expect(try host.add(configuration, container: "ours") == ["10.6.168.101/16"])
        let folder = try hostLocal(host, ["one", "two"])
        host.folder.write("x", to: "networks/rack/10.6.200.1")
        host.folder.write("", to: "networks/rack/10.6.168.104")
        let before = try host.claims()

        let plan = try host.control("import", "host-local", folder)
        #expect(plan.status == 1)
        #expect(plan.output.contains("belongs to container ours, eth0"))
        #expect(plan.output.contains("no pool has this address"))
        #expect(plan.output.contains("unreadable: \(folder)/10.6.168.104: Required value: the file is empty"))
        #expect(plan.output.contains("3 to adopt, 2 conflicts, 1 unreadable. Nothing was changed"))
        let refused = try host.control("import", "host-local", folder, "--apply")
        #expect(refused.status == 1)
        #expect(refused.output == plan.output)
        #expect(try host.claims() == before)

        let applied = try host.control("import", "host-local", folder, "--apply", "--skip-conflicts")
        #expect(applied.status == 0, "\(applied.diagnostics)")
        #expect(
            try host.claims() == [
                before[0], "10.6.168.102 eth0 two", "fd00:6::100 eth0 one", "fd00:6::101 eth0 two",
            ])
        let wrong = try host.control("import", "host-local", folder, "--skip-conflicts")
        #expect(wrong.status == 64)
    }

    @Test func aFolderThatIsNoneIsAnError() throws {
        let host = try Host()
        let missing = try host.control("import", "host-local", host.folder.path("nowhere"))
        #expect(missing.status == 1)
        #expect(missing.diagnostics.contains("nowhere: No such file or directory"))
        _ = try hostLocal(host, ["one"])
        let parent = try host.control("import", "host-local", host.folder.path("networks"))
        #expect(parent.status == 1)
        #expect(parent.output.contains("networks/rack: Invalid value: a folder; give the folder of each network"))
        let odd = host.folder.path("networks/rack/10.6.168.103")
        #expect(mkfifo(odd, 0o600) == 0)
        let fifo = try host.control("import", "host-local", host.folder.path("networks/rack"))
        #expect(fifo.output.contains("\(odd): Invalid value: not a file"))
    }

    @Test func tenThousandFilesAreQuick() throws {
        let host = try Host(
            """
            apiVersion: spiderpool.spidernet.io/v2beta1
            kind: SpiderIPPool
            metadata: {name: big}
            spec: {subnet: 10.0.0.0/8, ips: [10.1.0.0-10.1.255.255]}
            """)
        mkdir(host.folder.path("big"), 0o700)
        for number in 0..<10_000 {
            host.folder.write("c\(number)\r\neth0", to: "big/10.1.\(number / 256).\(number % 256)")
        }
        let begin = ContinuousClock.now
        let outcome = try host.control("import", "host-local", host.folder.path("big"), "--apply")
        let time = ContinuousClock.now - begin
        #expect(outcome.output.hasSuffix("10000 adopted.\n"), "\(outcome.diagnostics)")
        // An unoptimised build on a busy machine; it is a fraction of this otherwise.
        #expect(time < .seconds(30), "\(time)")
        #expect(try host.control("check").status == 0)
        #expect(
            try host.add(host.configuration(["default_ipv4_ippool": ["big"]]), container: "new") == ["10.1.39.16/8"])
    }

    // MARK: Manifests

    @Test func whatWhereaboutsGaveIsAdopted() throws {
        let host = try Host()
        host.folder.write(
            """
            apiVersion: v1
            kind: List
            items:
              - apiVersion: whereabouts.cni.cncf.io/v1alpha1
                kind: IPPool
                metadata: {name: 10.6.0.0-16, namespace: kube-system}
                spec:
                  range: 10.6.0.0/16
                  allocations:
                    "43109": {id: one, podref: shop/web-0, ifname: net1}
                    "43110": {id: two, podref: shop/web-1}
              - apiVersion: whereabouts.cni.cncf.io/v1alpha1
                kind: OverlappingRangeIPReservation
                metadata: {name: 10.6.168.101}
                spec: {containerid: one, podref: shop/web-0, ifname: net1}
            """, to: "pools.yaml")
        let outcome = try host.control("import", "whereabouts", host.folder.path("pools.yaml"), "--apply")
        #expect(outcome.status == 0, "\(outcome.diagnostics)")
        #expect(outcome.output.contains("the interface is not recorded; eth0 is assumed"))
        #expect(try host.claims() == ["10.6.168.101 net1 one", "10.6.168.102 eth0 two"])
        #expect(try host.run("DEL", container: "one", interface: "net1").status == 0)
        #expect(try host.claims() == ["10.6.168.102 eth0 two"])
    }

    @Test func aMistakeInAManifestHasItsLine() throws {
        let host = try Host()
        host.folder.write(
            """
            apiVersion: whereabouts.cni.cncf.io/v1alpha1
            kind: IPPool
            metadata: {name: x}
            spec:
              range: 10.6.0.0/16
              allocations:
                "43109":
                  id: "no id"
            """, to: "pools.yaml")
        let file = host.folder.path("pools.yaml")
        let outcome = try host.control("import", "whereabouts", file)
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("unreadable: \(file):8: document 1, IPPool \"x\": spec.allocations.43109.id"))
    }

    @Test func spiderpoolComesWithItsPools() throws {
        let host = try Host(nil)
        host.folder.write(
            """
            apiVersion: spiderpool.spidernet.io/v2beta1
            kind: SpiderIPPool
            metadata: {name: a, uid: 0a1b, finalizers: [spiderpool.spidernet.io]}
            spec: {ipVersion: 4, subnet: 10.6.0.0/16, ips: [10.6.168.101-10.6.168.104], gateway: 10.6.0.1}
            status:
              allocatedIPCount: 2
              totalIPCount: 4
              allocatedIPs: '{"10.6.168.101":{"pod":"shop/web-0","podUid":"u0"},"10.6.168.103":{"pod":"shop/web-1","podUid":"u1"}}'
            ---
            apiVersion: spiderpool.spidernet.io/v2beta1
            kind: SpiderEndpoint
            metadata: {name: web-0, namespace: shop}
            status:
              current: {uid: u0, node: n1, ips: [{interface: net1, ipv4: 10.6.168.101/16, ipv4Pool: a}]}
              ownerControllerType: StatefulSet
              ownerControllerName: web
            """, to: "all.yaml")
        let file = host.folder.path("all.yaml")
        let plan = try host.control("import", "spiderpool", file, "-o", "json")
        #expect(plan.status == 0, "\(plan.diagnostics)")
        #expect(plan.document?["applied"] == false)
        #expect(plan.document?["claims"]?.arrayValue?.first?["node"] == "n1")
        #expect(!host.folder.contains("ipam.db"))

        #expect(try host.control("import", "spiderpool", file, "--apply").status == 0)
        #expect(try host.claims() == ["10.6.168.101 net1 u0", "10.6.168.103 eth0 u1"])
        let again = try host.control("import", "spiderpool", file, "--apply")
        #expect(again.output.hasPrefix("spiderippool/a exists, and stays as it is\n"))
        #expect(again.output.hasSuffix("0 adopted, 2 there already.\n"))

        // The Pod is known by its UID, whatever its sandbox is called now.
        let pod = "K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web-1;K8S_POD_UID=u1"
        #expect(try host.add(container: "box", arguments: pod) == ["10.6.168.103/16"])
        #expect(try host.add(container: "other") == ["10.6.168.102/16"])
        #expect(try host.control("import", "spiderpool", file, "--apply").output.hasSuffix("2 there already.\n"))
        #expect(try host.run("DEL", container: "box").status == 0)
        #expect(try host.claims() == ["10.6.168.101 net1 u0", "10.6.168.102 eth0 other"])
    }

    @Test func aRefusedPoolRefusesAll() throws {
        let host = try Host()
        let bad = """
            apiVersion: spiderpool.spidernet.io/v2beta1
            kind: SpiderIPPool
            metadata: {name: c}
            spec:
              subnet: 10.6.0.0/16
              ips: [10.6.168.101]
            status: {allocatedIPs: '{"10.6.168.101":{"pod":"shop/web-0","podUid":"u0"}}'}
            """
        host.folder.write(bad, to: "bad.yaml")
        let file = host.folder.path("bad.yaml")
        let outcome = try host.control("import", "spiderpool", file, "--apply", "--skip-conflicts")
        #expect(outcome.status == 1)
        #expect(outcome.diagnostics.contains("\(file):6: document 1, SpiderIPPool \"c\": spec.ips"))
        #expect(outcome.diagnostics.contains("Nothing was changed."))
        #expect(try host.claims().isEmpty)
    }
}
