import EmbeddedStore
import Glibc
import IPAMCore
import PoolModel

/// ADD of both families for a container on a real link, with and without asking the wire: free addresses, and gateways
/// that answer. Needs root.
func probeRows(ipam: String?) -> [Row] {
    guard let ipam else {
        print("note: no probe rows, since no --ipam PATH was given")
        return []
    }
    let stand = ProbeStand(ipam: ipam)
    defer { stand.remove() }
    let group = "probe"
    let quiet = stand.samples(asking: false, rounds: 41)
    let asking = stand.samples(asking: true, rounds: 41)
    return [
        Row(group, "ipam ADD, both families, nothing asked", samples: quiet, unit: "ms"),
        Row(
            group, "ipam ADD, both families, conflicts and gateways asked", samples: asking, unit: "ms",
            target: .atMost(250)),
    ]
}

/// A container whose link leads to a neighbour that has both gateways, in namespaces of their own.
private final class ProbeStand {
    private let ipam: String
    private let name = "ipam-bench-\(getpid())"
    private var folder: String { "/tmp/\(name)" }

    init(ipam: String) {
        self.ipam = ipam
        mkdir(folder, 0o700)
        do {
            var store = try EmbeddedStore(creating: folder + "/ipam.db")
            var ipv4 = SpiderIPPool(named: "p", subnet: "10.0.0.0/16", ips: ["10.0.1.1-10.0.200.200"])
            var ipv6 = SpiderIPPool(named: "p6", subnet: "fd00::/64", ips: ["fd00::1000-fd00::ffff"])
            ipv4.spec.gateway = "10.0.0.1"
            ipv6.spec.gateway = "fd00::1"
            _ = try store.apply([ipv4, ipv6], now: Timestamp(seconds: 0))
        } catch {
            stop("\(error)")
        }
        for isAsking in [false, true] {
            write(
                """
                {"cniVersion": "1.0.0", "name": "bench", "type": "macvlan", "ipam": {"type": "spiderpool",
                 "mode": "embedded", "store": "\(folder)/ipam.db", "log_file_path": "\(folder)/log",
                 "log_level": "error", "default_ipv4_ippool": ["p"], "default_ipv6_ippool": ["p6"],
                 "enableIPConflictDetection": \(isAsking), "enableGatewayDetection": \(isAsking)}}
                """, to: configuration(isAsking))
        }
        let (pod, wire) = (name + "-pod", name + "-wire")
        shell(
            """
            set -e
            ip netns add \(pod); ip netns add \(wire)
            ip -n \(wire) link add wire type veth peer name eth0 netns \(pod)
            ip -n \(wire) address add 10.0.0.1/16 dev wire
            ip -n \(wire) address add fd00::1/64 dev wire nodad
            ip -n \(wire) link set wire up; ip -n \(pod) link set eth0 up
            """)
    }

    /// Wall times of ADDs; each is followed by its DEL.
    func samples(asking: Bool, rounds: Int) -> [Double] {
        var samples: [Double] = []
        for round in 0..<(3 + rounds) {
            let begin = nanoseconds(CLOCK_MONOTONIC)
            call("ADD", "c\(round)", asking)
            if round >= 3 { samples.append(Double(nanoseconds(CLOCK_MONOTONIC) - begin) / 1_000_000) }
            call("DEL", "c\(round)", asking)
        }
        return samples
    }

    private func configuration(_ isAsking: Bool) -> String { "\(folder)/\(isAsking ? "asking" : "quiet").json" }

    private func call(_ command: String, _ container: String, _ isAsking: Bool) {
        let variables = [
            "CNI_COMMAND=\(command)", "CNI_CONTAINERID=\(container)", "CNI_IFNAME=eth0", "CNI_PATH=/nowhere",
            "CNI_NETNS=/run/netns/\(name)-pod",
        ]
        let child = start([ipam], variables, input: configuration(isAsking), output: folder + "/answer")
        guard let child, wait(for: child) == 0 else { stop("\(ipam) \(command) failed, see \(folder)/log") }
    }

    private func shell(_ script: String) {
        let path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin"
        guard let child = start(["/bin/sh", "-c", script], [path], input: "/dev/null", output: "/dev/null"),
            wait(for: child) == 0
        else { stop("network namespaces cannot be made; they need root") }
    }

    private func stop(_ reason: String) -> Never {
        remove()
        fail(reason)
    }

    func remove() {
        let script = "ip netns delete \(name)-pod; ip netns delete \(name)-wire; rm -rf \(folder)"
        let path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin"
        _ = start(["/bin/sh", "-c", script], [path], input: "/dev/null", output: "/dev/null").map(wait(for:))
    }
}
