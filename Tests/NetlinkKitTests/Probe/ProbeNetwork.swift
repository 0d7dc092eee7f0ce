import Foundation
import Glibc
import IPAMCore
import NetlinkKit
import Synchronization
import Testing

/// Hosts on one Ethernet: namespaces with a link `eth0` each, on a bridge in a namespace of its own. All go with the value.
struct ProbeNetwork: ~Copyable {
    let name: String
    private let hosts: Int

    /// Makes hosts 0, 1, …; their hardware addresses end with 1, 2, …
    init(hosts: Int) throws {
        name = "pn-\(getpid())-\(String(UInt32.random(in: 0...UInt32.max), radix: 16))"
        self.hosts = hosts
        var commands = ["ip netns add \(name)-s", "ip -n \(name)-s link add br0 type bridge mcast_snooping 0"]
        commands.append("ip -n \(name)-s link set br0 up")
        for host in 0..<hosts {
            let namespace = namespace(host)
            commands += [
                "ip netns add \(namespace)",
                "ip netns exec \(namespace) sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0",
                "ip -n \(name)-s link add p\(host) type veth peer name eth0 address \(Self.mac(host)) netns \(namespace)",
                "ip -n \(name)-s link set p\(host) master br0 up", "ip -n \(namespace) link set eth0 up",
                "ip -n \(namespace) link set lo up",
            ]
        }
        _ = try Shell.output(commands.joined(separator: " && "))
    }

    deinit {
        for namespace in (0..<hosts).map({ "\(name)-\($0)" }) + ["\(name)-s"] {
            _ = try? Shell.output("ip netns del \(namespace)")
        }
    }

    func namespace(_ host: Int) -> String { "\(name)-\(host)" }

    static func mac(_ host: Int) -> MACAddress { MACAddress(2, 0, 0, 0, 0, UInt8(host + 1)) }

    /// Runs a command on a host.
    @discardableResult
    func run(_ host: Int, _ command: String) throws -> String {
        try Shell.output("ip netns exec \(namespace(host)) \(command)")
    }

    /// Runs a command on the bridge.
    @discardableResult
    func runOnSwitch(_ command: String) throws -> String {
        try Shell.output("ip netns exec \(name)-s \(command)")
    }

    /// Does something on a host, while the caller goes on.
    func start<Value: Sendable>(
        _ host: Int, _ body: @escaping @Sendable () throws(NetlinkError) -> Value
    ) -> BackgroundWork<Value> {
        let name = namespace(host)
        return BackgroundWork { () throws(NetlinkError) in try NetworkNamespace(named: name).perform(body) }
    }

    /// Starts a probe on a host.
    func start(
        _ host: Int, _ targets: [ProbeTarget], link: String = "eth0", node: Set<IPAddress> = [],
        schedule: ProbeSchedule = ProbeSchedule(), carrierWait: Duration = .seconds(3)
    ) throws -> BackgroundWork<[ProbeVerdict]> {
        let index = try index(host, link)
        let mac = Self.mac(host)
        return start(host) { () throws(NetlinkError) in
            try AddressProbe.run(
                targets, on: ProbeLink(index, mac: mac, nodeAddresses: node), schedule: schedule,
                carrierWait: carrierWait, by: MonotonicInstant.now + .seconds(30))
        }
    }

    /// Probes on a host.
    func probe(_ host: Int, _ targets: [ProbeTarget], link: String = "eth0") throws -> [ProbeVerdict] {
        try start(host, targets, link: link).value()
    }

    func index(_ host: Int, _ link: String = "eth0") throws -> LinkIndex {
        let text = try run(host, "ip -o link show dev \(link)").prefix { $0 != ":" }
        return try #require(Int32(text).flatMap(LinkIndex.init(rawValue:)))
    }

    /// Where a host believes an address to be; empty when it does not know.
    func neighbor(_ host: Int, _ address: String) throws -> String {
        try run(host, "ip neigh show \(address) dev eth0 | sed -n 's/.*lladdr \\([^ ]*\\).*/\\1/p'")
    }
}

/// Work on a thread that may block.
final class BackgroundWork<Value: Sendable>: Sendable {
    private let outcome = Mutex<Result<Value, NetlinkError>?>(nil)
    private let done = DispatchSemaphore(value: 0)

    init(_ body: @escaping @Sendable () throws(NetlinkError) -> Value) {
        DispatchQueue.global().async {
            let result = Result { () throws(NetlinkError) in try body() }
            self.outcome.withLock { $0 = result }
            self.done.signal()
        }
    }

    var isDone: Bool { outcome.withLock { $0 != nil } }

    /// Waits for the end; once.
    func value() throws -> Value {
        done.wait()
        let result = outcome.withLock { $0 }
        return try #require(result).get()
    }
}

/// A value that several threads see.
final class Shared<Value: Sendable>: Sendable {
    private let storage: Mutex<Value>

    init(_ value: Value) { storage = Mutex(value) }

    func withLock<Result>(_ body: (inout sending Value) -> sending Result) -> sending Result {
        storage.withLock(body)
    }
}
