internal import CNITypes
internal import IPAMCore
internal import JSONTree

/// What the agent gave: `IpamAddResponse`, read strictly.
struct AgentAddresses {
    /// `IpConfig`.
    struct Address {
        let address: InterfaceAddress
        let interface: String
        let gateway: IPAddress?
        let detection: DetectionSettings
    }

    /// `Route`.
    struct Route {
        let interface: String
        let route: CNIRoute
    }

    /// The addresses of all interfaces that the agent speaks of.
    let addresses: [Address]
    /// Their routes.
    let routes: [Route]
    /// Name resolution, which agents do not set today.
    let dns: CNIDNS

    init(_ reader: JSONFieldReader) throws(JSONFieldError) {
        let list = try reader.required("ips", try reader.objects(at: "ips"), expected: "an array of addresses")
        var addresses: [Address] = []
        for entry in list { addresses.append(try Address(entry)) }
        var routes: [Route] = []
        for entry in try reader.objects(at: "routes") ?? [] { routes.append(try Route(entry)) }
        self.addresses = addresses
        self.routes = routes
        var dns = CNIDNS()
        if let section = try reader.object(at: "dns") {
            dns.nameservers = try section.strings(at: "nameservers") ?? []
            dns.domain = try section.string(at: "domain").flatMap { $0.isEmpty ? nil : $0 }
            dns.search = try section.strings(at: "search") ?? []
            dns.options = try section.strings(at: "options") ?? []
        }
        self.dns = dns
    }

    /// Those of one interface, IPv4 first.
    func addresses(of interface: String) -> [Address] {
        addresses.filter { $0.interface == interface }.sorted {
            $0.address.address.family < $1.address.address.family
        }
    }

    /// What the runtime is told about one interface.
    func result(for interface: String) -> CNIResult {
        CNIResult(
            ips: addresses(of: interface).map { CNIAddress($0.address, gateway: $0.gateway) },
            routes: routes.filter { $0.interface == interface }.map(\.route), dns: dns)
    }
}

extension AgentAddresses.Address {
    init(_ reader: JSONFieldReader) throws(JSONFieldError) {
        let version = try reader.required(
            "version", try reader.integer(at: "version"), expected: "4 or 6")
        guard let family = AddressFamily(rawValue: UInt8(clamping: version)) else {
            throw reader.error(at: "version", expected: "4 or 6")
        }
        let expected = "an \(family) address with a prefix length"
        let parsed = try reader.parsed(at: "address", expected: expected) { text in
            InterfaceAddress(text).flatMap { $0.address.family == family ? $0 : nil }
        }
        address = try reader.required("address", parsed, expected: expected)
        let name = try reader.parsed(at: "nic", expected: "the name of an interface") { $0.isEmpty ? nil : $0 }
        interface = try reader.required("nic", name, expected: "the name of an interface")
        gateway =
            try reader.parsed(at: "gateway", expected: "an \(family) address") { text -> IPAddress?? in
                if text.isEmpty { return .some(nil) }
                return IPAddress(text).flatMap { $0.family == family ? .some($0) : nil }
            } ?? nil
        _ = try reader.string(at: "ipPool")
        _ = try reader.integer(at: "vlan", in: 0...4094)
        _ = try reader.parsed(at: "mac", expected: "a MAC address, as 02:00:00:11:22:33") { text in
            text.isEmpty ? true : (try? MACAddress(parsing: text)).map { _ in true }
        }
        detection = try DetectionSettings(reader)
    }
}

extension AgentAddresses.Route {
    init(_ reader: JSONFieldReader) throws(JSONFieldError) {
        let name = try reader.parsed(at: "ifName", expected: "the name of an interface") { $0.isEmpty ? nil : $0 }
        interface = try reader.required("ifName", name, expected: "the name of an interface")
        let destinationRule = "a destination with a prefix length"
        let destination = try reader.parsed(at: "dst", expected: destinationRule) { try? CIDR(lenientParsing: $0) }
        let known = try reader.required("dst", destination, expected: destinationRule)
        let gatewayRule = "an \(known.family) address"
        let gateway = try reader.parsed(at: "gw", expected: gatewayRule) { text in
            IPAddress(text).flatMap { $0.family == known.family ? $0 : nil }
        }
        route = CNIRoute(known, gateway: try reader.required("gw", gateway, expected: gatewayRule))
    }
}
