import Glibc
import JSONTree
import Testing

/// Debian's podman with its CNI backend, real containers, and our plugin behind macvlan and bridge.
@Suite(.onFullKernel, .serialized) struct PodmanOnFullKernel {
    let podman: PodmanHost
    var host: Host { podman.host }

    init() throws { podman = try PodmanHost() }

    @Test func containersOnTheRacksWire() throws {
        let one = try podman.run("one", on: "rack")
        let two = try podman.run("two", on: "rack")
        let seen = try podman.inside(
            "one",
            """
            set -e
            ip address show dev eth0; ip route; ip -6 route
            for address in 10.6.168.102 fd00:6::101 10.6.0.1 fd00:6::1; do ping -c 1 -W 20 -q $address; done
            """)
        for fact in [
            "inet 10.6.168.101/16 ", "inet6 fd00:6::100/64 ", "default via 10.6.0.1 dev eth0",
            "172.20.0.0/16 via 10.6.0.254 dev eth0", "default via fd00:6::1 dev eth0",
        ] {
            #expect(seen.contains(fact), "\(seen)")
        }
        #expect(
            try host.claims() == [
                "10.6.168.101 eth0 \(one)", "10.6.168.102 eth0 \(two)", "fd00:6::100 eth0 \(one)",
                "fd00:6::101 eth0 \(two)",
            ])
        let table = try host.control("claims", "--container", String(one.prefix(12))).output
        #expect(table.contains("one"), "the owner is the container's name: \(table)")

        // It ends, and is started again.
        try podman.podman("stop", "--time", "0", "one")
        #expect(try host.claims() == ["10.6.168.102 eth0 \(two)", "fd00:6::101 eth0 \(two)"])
        try podman.podman("start", "one")
        #expect(try host.claims().count == 4)
        #expect(try podman.inside("one", "ping -c 1 -W 20 -q 10.6.168.102 >/dev/null && ip -o -4 address") != "")

        // It dies, with everybody who could tell of it.
        let process = try podman.podman("inspect", "--format", "{{.State.Pid}} {{.State.ConmonPid}}", "two")
        for number in process.joined().split(separator: " ").reversed() { kill(try #require(pid_t(number)), SIGKILL) }
        try podman.podman("rm", "--force", "--time", "0", "one", "two")
        #expect(try host.claims() == [])
    }

    @Test func aContainerOnTwoNetworks() throws {
        let one = try podman.run("one", on: "rack", "storage")
        let two = try podman.run("two", on: "storage")
        let claims = try host.claims()
        #expect(claims.filter { $0.hasSuffix(one) }.count == 3, "\(claims)")
        #expect(claims.contains("10.7.0.11 eth0 \(two)"), "\(claims)")
        let seen = try podman.inside(
            "one", "ip -o address; ping -c 1 -W 20 -q 10.7.0.11 && ping -c 1 -W 20 -q 10.6.0.1")
        for address in ["10.6.168.101/16", "10.7.0.10/16", "fd00:6::100/64"] {
            #expect(seen.contains(address), "\(seen)")
        }
        try podman.podman("rm", "--force", "--time", "0", "one")
        #expect(try host.claims() == ["10.7.0.11 eth0 \(two)"])
    }

    @Test func aFixedAddressStaysAndAFullPoolSaysSo() throws {
        try podman.run("db", on: "small")
        try podman.podman("rm", "--force", "--time", "0", "db")
        #expect(try host.control("claims", "10.8.0.1").output.contains("retained"))
        try podman.run("other", on: "small")
        let refused = try podman.launch("late", on: ["small"]).wait()
        #expect(refused.status != 0)
        #expect(refused.diagnostics.contains("all IP addresses used out"), "\(refused.diagnostics)")
        #expect(refused.diagnostics.contains("small"), "\(refused.diagnostics)")
        #expect(refused.diagnostics.contains("2 usable addresses: 2 claimed"), "\(refused.diagnostics)")
        let db = try podman.run("db", on: "small")
        #expect(try host.claims().contains("10.8.0.1 eth0 \(db)"))
        #expect(try podman.inside("db", "ip -o -4 address show dev eth0").contains("10.8.0.1/24"))
        #expect(try host.claims().count == 2)
    }

    /// As many as an emulated processor starts in a minute; `KernelTests` has more, without podman.
    @Test func manyAtOnce() throws {
        let names = (1...6).map { "web-\($0)" }
        let outcomes = try names.map { try podman.launch($0, on: ["rack"]) }.map { $0.wait() }
        #expect(outcomes.allSatisfy { $0.status == 0 }, "\(outcomes.map(\.diagnostics))")
        let claims = try host.claims()
        #expect(claims.count == 12)
        #expect(Set(claims.map { $0.prefix { $0 != " " } }).count == 12)
        // What podman believes is what is recorded.
        let believed = try podman.start(
            ["inspect", "--format", "{{.NetworkSettings.Networks.rack.IPAddress}} eth0 {{.Id}}"] + names
        ).wait().output.split(separator: "\n").map(String.init)
        #expect(believed.sorted() == claims.filter { $0.hasPrefix("10.") }.sorted())
        try podman.podman("rm", "--force", "--all", "--time", "0")
        #expect(try host.claims() == [])
    }
}
