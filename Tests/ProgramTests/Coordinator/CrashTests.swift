import Glibc
import JSONTree
import Testing

/// An invocation of coordinator that is killed, and the Pod it is for.
struct CrashedInvocation: Sendable, CustomTestStringConvertible {
    let name: String
    let command: String
    let nic: String
    var keys: JSONObject = [:]
    var isOverlay = false
    var testDescription: String { name }

    static let all = [
        CrashedInvocation(name: "ADD of the first interface", command: "ADD", nic: "eth0"),
        CrashedInvocation(name: "ADD of a further interface", command: "ADD", nic: "net1"),
        CrashedInvocation(
            name: "ADD of a new default interface", command: "ADD", nic: "net1", keys: ["podDefaultRouteNic": "net1"]),
        CrashedInvocation(name: "ADD beside an overlay", command: "ADD", nic: "net1", isOverlay: true),
        CrashedInvocation(
            name: "ADD of a new default interface beside an overlay", command: "ADD", nic: "net1",
            keys: ["podDefaultRouteNic": "net1"], isOverlay: true),
        CrashedInvocation(name: "DEL of the first interface", command: "DEL", nic: "eth0"),
        CrashedInvocation(name: "DEL of a further interface", command: "DEL", nic: "net1"),
        CrashedInvocation(
            name: "DEL of the default interface", command: "DEL", nic: "net1", keys: ["podDefaultRouteNic": "net1"]),
    ]

    /// The Pod as it is before the invocation.
    func pod(_ lab: CoordinatorLab) throws -> LabPod {
        let pod = try lab.pod()
        if isOverlay {
            try pod.plugOverlay()
        } else {
            try pod.plug("eth0", "ens1", ["172.22.4.10/16", "fd00:22::a/64"])
            if command == "DEL" || nic != "eth0" { try pod.add("eth0") }
        }
        if nic == "net1" {
            try pod.plug("net1", "ens2", isOverlay ? ["172.23.4.10/16"] : ["172.23.4.10/16", "fd00:23::a/64"])
            if command == "DEL" { try pod.add("net1", keys) }
        }
        return pod
    }
}

/// `kill -9` before every system call that may change something, and before the result is written: the next invocation makes
/// everything right.
@Suite struct CrashTests {
    static let calls = ["sendto", "sendmsg", "write"]

    /// A call, by its name and its number among those of the name.
    struct Place {
        let call: String
        let number: Int
    }

    /// The calls of a record that do more than ask: between two of them nothing changes.
    static func places(in log: String) -> [Place] {
        var counts: [String: Int] = [:]
        return Trace.calls(in: log).compactMap { traced in
            counts[traced.name, default: 0] += 1
            let place = Place(call: traced.name, number: counts[traced.name] ?? 0)
            // sendto(5, [{nlmsg_len=24, nlmsg_type=RTM_GETADDR, …; of a socket in another namespace strace knows only the number,
            // and numbers of questions leave 2 when divided by 4. Several messages in one call are never questions.
            let parts = traced.arguments.split(separator: "nlmsg_type=", maxSplits: 1)
            guard parts.count == 2, !parts[0].contains("[[{") else { return place }
            let name = parts[1].prefix { $0 != " " && $0 != "," }
            let number = UInt16(name.dropFirst(2), radix: 16) ?? 0
            return name.hasPrefix("RTM_GET") || number & 3 == 2 && number < 256 ? nil : place
        }
    }

    /// Everything that is there.
    struct Whole: Equatable {
        let pod: KernelState
        let node: KernelState
        let packetRules: String

        init(_ lab: CoordinatorLab, _ pod: LabPod) throws {
            self.pod = try pod.state()
            node = try lab.nodeState(pod)
            packetRules = try pod.space.run("nft", "-s", "list", "ruleset")
        }
    }

    @Test(arguments: CrashedInvocation.all) func theNextOneMakesItRight(_ invocation: CrashedInvocation) throws {
        let lab = try CoordinatorLab()
        let model = try invocation.pod(lab)
        let log = lab.folder.path("calls")
        let traced = try model.start(
            invocation.command, invocation.nic, invocation.keys,
            wrap: { Trace.command($0, recording: Self.calls, to: log, hex: true) }
        ).wait()
        try #require(traced.status == 0, "\(traced.refusal) \(traced.diagnostics)")
        let after = try Whole(lab, model)
        let places = Self.places(in: lab.folder.read("calls"))
        try remove(model, invocation, lab)
        var kills = 0
        for place in places {
            for next in invocation.command == "ADD" ? ["ADD", "DEL"] : ["DEL"] {
                let comment = "\(next) after a kill before \(place.call) \(place.number)"
                let pod = try invocation.pod(lab)
                let killed = try pod.start(
                    invocation.command, invocation.nic, invocation.keys,
                    wrap: { Trace.command($0, killingAt: place.call, number: place.number) }
                ).wait()
                if killed.status == 128 + SIGKILL { kills += 1 }
                let again = try pod.call(next, invocation.nic, invocation.keys)
                #expect(again.status == 0, "\(comment): \(again.refusal) \(again.diagnostics)")
                if next == invocation.command {
                    let whole = try Whole(lab, pod)
                    expect(whole.pod, is: after.pod, comment)
                    expect(whole.node, is: after.node, comment)
                    #expect(whole.packetRules == after.packetRules, "\(comment)")
                }
                try remove(pod, invocation, lab, comment)
            }
        }
        #expect(places.count > 2 && kills > places.count * 9 / 10, "\(kills) kills: \(places)")
    }

    /// Deletes the Pod as a runtime does; nothing of it stays on the node.
    private func remove(_ pod: LabPod, _ invocation: CrashedInvocation, _ lab: CoordinatorLab, _ place: String = "")
        throws
    {
        if invocation.nic == "net1" { try pod.delete("net1", invocation.keys) }
        if invocation.isOverlay { try lab.node.ip("link del calid00d") } else { try pod.delete("eth0") }
        let left = try lab.nodeState(pod).without { $0.hasPrefix("rule/") && $0.hasSuffix(" 1000 lookup 500") }
        expect(left, is: "", place)
    }
}
