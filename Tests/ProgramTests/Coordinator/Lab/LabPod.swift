import Glibc
import JSONTree
import Testing

/// A Pod of a lab: interfaces as main plugins leave them, and coordinator called for them as a runtime does.
final class LabPod {
    let containerID: String
    let space: Space
    let node: Space
    /// What the main plugin returned, by interface.
    private(set) var results: [String: JSONValue] = [:]
    /// MAC addresses that main plugins gave, by interface.
    private(set) var macs: [String: String] = [:]

    init(_ containerID: String, _ space: Space, _ node: Space) {
        self.containerID = containerID
        self.space = space
        self.node = node
    }

    /// The name of the node's end of the link that coordinator makes.
    var hostLink: String { "veth" + containerID.prefix(11) }

    // MARK: Main plugins

    /// What macvlan does: an interface that is up, its addresses with their lengths, and a default route by each gateway, put
    /// before those that are there.
    ///
    /// The gateways are those of the addresses' networks unless said; `extra` is more commands of ip(8) in the Pod. Another kind of
    /// interface, with its options, has its parent's MAC address.
    func plug(
        _ nic: String, _ parent: String, _ addresses: [String], gateways: [String]? = nil, extra: String = "",
        kind: String = "macvlan mode bridge", hasDAD: Bool = false
    ) throws {
        let gateways = gateways ?? addresses.map(Self.gateway)
        let mac = Self.anyMAC()
        let address = kind.hasPrefix("macvlan") ? "address \(mac)" : ""
        try node.ip("link add link \(parent) name \(nic) netns \(space.name) \(address) type \(kind)")
        // Without DAD they are there at once, and not when the kernel's work queue comes to it.
        let option = hasDAD ? "" : "nodad"
        var commands = addresses.map { "addr add \($0) dev \(nic) \($0.contains(":") ? option : "")" }
        commands.append("link set \(nic) up")
        commands += gateways.map { gateway in
            "route prepend \(gateway.contains(":") ? "::/0" : "0.0.0.0/0") via \(gateway) dev \(nic)"
        }
        try space.ip(commands.joined(separator: "\n") + "\n" + extra)
        record(nic, mac, addresses, gateways)
    }

    /// What Calico or Cilium does: `eth0` is one end of a veth pair, and the default route leads to a router that only
    /// answers there.
    ///
    /// The default route has a link-scope route to the router beside it, or says `onlink` itself. For an address of the other family
    /// the router is the link-local address of the node's end.
    func plugOverlay(
        _ address: String = "10.244.3.7", router: String = "169.254.1.1", hostLink: String = "calid00d",
        isOnLink: Bool = false, attributes: String = "", ipv6: String? = nil
    ) throws {
        let mac = Self.anyMAC()
        try node.ip(
            """
            link add \(hostLink) address ee:ee:ee:ee:ee:ee type veth peer name eth0 address \(mac) netns \(space.name)
            link set \(hostLink) up
            route add \(address)/32 dev \(hostLink) scope link
            """)
        try node.setSysctl("net/ipv4/conf/\(hostLink)/proxy_arp", "1")
        try space.ip(
            """
            addr add \(address)/32 dev eth0
            link set eth0 up
            \(isOnLink ? "" : "route add \(router) dev eth0 scope link")
            route add default via \(router) dev eth0 \(isOnLink ? "onlink" : "") \(attributes)
            """)
        if let ipv6 {
            try node.ip("route add \(ipv6)/128 dev \(hostLink)")
            try space.ip(
                """
                addr add \(ipv6)/128 dev eth0 nodad
                route add default via fe80::ecee:eeff:feee:eeee dev eth0
                """)
        }
        record("eth0", mac, ["\(address)/32"], [router])
    }

    /// What a main plugin does at the end.
    func unplug(_ nic: String) throws { try space.ip("link delete \(nic)") }

    private func record(_ nic: String, _ mac: String, _ addresses: [String], _ gateways: [String]) {
        macs[nic] = mac
        results[nic] = [
            "interfaces": [["name": .string(nic), "mac": .string(mac), "sandbox": .string(space.path)]],
            "ips": .array(
                addresses.map { address in
                    var ip: JSONObject = ["interface": 0, "address": .string(address)]
                    let gateway = gateways.first { $0.contains(":") == address.contains(":") }
                    if let gateway { ip["gateway"] = .string(gateway) }
                    return .object(ip)
                }),
            "routes": .array(
                gateways.map { ["dst": $0.contains(":") ? "::/0" : "0.0.0.0/0", "gw": .string($0)] }),
            "x-kept": ["by": "the chain"],
        ]
    }

    private static func gateway(of address: String) -> String {
        let separator: Character = address.contains(":") ? ":" : "."
        let network = address.split(separator: separator).prefix(2).joined(separator: String(separator))
        return separator == ":" ? "\(network)::1" : "\(network).0.1"
    }

    private static func anyMAC() -> String {
        "02:01" + (0..<4).map { _ in ":" + hex(UInt8.random(in: 0...255)) }.joined()
    }

    private static func hex(_ octet: UInt8) -> String { (octet < 16 ? "0" : "") + String(octet, radix: 16) }

    // MARK: coordinator

    /// The configuration of a network; keys of a test replace those that all have, and `null` takes one away.
    func configuration(_ keys: JSONObject, version: String = "1.0.0") -> JSONObject {
        var document: JSONObject = [
            "cniVersion": .string(version), "name": "underlay", "type": "coordinator", "agent": false,
            "logOptions": ["logFile": .string(space.folder.path("log/coordinator.log"))],
        ]
        for member in CoordinatorLab.networks.members + keys.members {
            document[member.key] = member.value == .null ? nil : member.value
        }
        return document
    }

    /// The result of the main plugin in a version of the protocol.
    func result(_ nic: String, version: String = "1.0.0") -> JSONValue? {
        guard var result = results[nic]?.objectValue else { return nil }
        result["cniVersion"] = .string(version)
        if version.hasPrefix("0.") {
            result["ips"] = .array(
                (result["ips"]?.arrayValue ?? []).map { ip in
                    var ip = ip.objectValue ?? [:]
                    ip["version"] = ip["address"]?.stringValue?.contains(":") == true ? "6" : "4"
                    return .object(ip)
                })
        }
        return .object(result)
    }

    /// The variables that a runtime sets for an interface.
    func environment(_ command: String, _ nic: String, arguments: String) -> [String: String] {
        [
            "CNI_COMMAND": command, "CNI_CONTAINERID": containerID, "CNI_IFNAME": nic, "CNI_NETNS": space.path,
            "CNI_PATH": "/nowhere", "CNI_ARGS": arguments,
        ]
    }

    /// What Kubernetes' runtimes say about a Pod.
    static let identity = "IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web-0"

    /// Starts coordinator on the node; `arguments` are `CNI_ARGS`, `options` those of the program, and `wrap` makes the command
    /// line of another program that runs this one.
    func start(
        _ command: String, _ nic: String, _ keys: JSONObject = [:], version: String = "1.0.0",
        arguments: String = LabPod.identity, options: [String] = [], wrap: ([String]) -> [String] = { $0 }
    ) throws -> RunningProgram {
        var document = configuration(keys, version: version)
        // Runtimes of 0.3 do not know the result any more when they delete.
        let hasResult = command == "ADD" || !version.hasPrefix("0.3") && (command == "DEL" || command == "CHECK")
        if hasResult, !keys.keys.contains("prevResult") { document["prevResult"] = result(nic, version: version) }
        let input = JSONValue.object(document).text()
        return try node.perform {
            try RunningProgram(
                wrap([Program.coordinator] + options), environment: environment(command, nic, arguments: arguments),
                input: input, in: space.folder)
        }
    }

    /// Runs coordinator on the node.
    func call(
        _ command: String, _ nic: String, _ keys: JSONObject = [:], version: String = "1.0.0",
        arguments: String = LabPod.identity, options: [String] = []
    ) throws -> Outcome {
        try start(command, nic, keys, version: version, arguments: arguments, options: options).wait()
    }

    /// An ADD that has to succeed.
    @discardableResult
    func add(_ nic: String, _ keys: JSONObject = [:], version: String = "1.0.0") throws -> Outcome {
        let outcome = try call("ADD", nic, keys, version: version)
        try #require(outcome.status == 0, "ADD \(nic): \(outcome.refusal) \(outcome.diagnostics)")
        return outcome
    }

    /// A DEL that has to succeed, and says nothing.
    func delete(_ nic: String, _ keys: JSONObject = [:], version: String = "1.0.0") throws {
        let outcome = try call("DEL", nic, keys, version: version)
        try #require(outcome.status == 0, "DEL \(nic): \(outcome.refusal) \(outcome.diagnostics)")
        #expect(outcome.output.isEmpty)
    }

    // MARK: What is there

    /// What is in the Pod; the MAC address of the node's end is `HH`.
    func state() throws -> KernelState { try KernelState(of: space, naming: try macNames()) }

    /// Names for the MAC addresses of the link between Pod and node: `HH` for the node's end, `PP` for the Pod's.
    func macNames() throws -> [String: String] {
        var names = ["ee:ee:ee:ee:ee:ee": "HH"]
        if let mac = try mac(of: hostLink, in: node) { names[mac] = "HH" }
        let pod = try mac(of: "veth0", in: space) ?? (try mac(of: "eth0", in: space))
        if let pod { names[pod] = "PP" }
        return names
    }

    /// The MAC address of a link; nothing when there is no such link.
    func mac(of link: String, in space: Space) throws -> String? {
        try space.perform {
            var first: UnsafeMutablePointer<ifaddrs>?
            try #require(getifaddrs(&first) == 0, "getifaddrs: errno \(errno)")
            defer { freeifaddrs(first) }
            for entry in sequence(first: first, next: { $0?.pointee.ifa_next }) {
                guard let entry, let address = entry.pointee.ifa_addr, Int32(address.pointee.sa_family) == AF_PACKET,
                    String(cString: entry.pointee.ifa_name) == link
                else { continue }
                // The address is behind family, protocol, index, type, kind and length (packet(7)).
                let octets = UnsafeRawBufferPointer(start: UnsafeRawPointer(address) + 12, count: 6)
                return octets.map(Self.hex).joined(separator: ":")
            }
            return nil
        }
    }

    /// The tables of nftables in the Pod.
    func packetTables() throws -> [String] {
        try space.run("nft", "list", "tables").split(separator: "\n").map { String($0.dropFirst("table ".count)) }
    }
}
