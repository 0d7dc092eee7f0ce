internal import CNITypes
internal import Coordinator
internal import IPAMCore
internal import JSONTree
internal import NetlinkKit

extension CoordinatorSettings {
    /// Puts the settings together: what the network's configuration says counts before what it inherits.
    ///
    /// - Parameters:
    ///   - network: The network's configuration.
    ///   - inherited: The agent's answer or the host's file.
    /// - Throws: `CNIError` with code 7 that names place, key, value and what would serve.
    init(_ network: SettingsSource, inheriting inherited: SettingsSource?) throws(CNIError) {
        let sources = SettingsSources(network, inherited)
        self.init(firstInterface: try sources.firstInterface())
        mode = try sources.mode()
        overlayPodCIDRs = try sources.prefixes("overlayPodCIDR")
        serviceCIDRs = try sources.prefixes("serviceCIDR")
        hijackCIDRs = try sources.prefixes("hijackCIDR")
        policyRoutes = try sources.policyRoutes()
        movesDefaultRoutes =
            try sources.from("tunePodRoutes").read { reader throws(JSONFieldError) in
                try reader.bool(at: "tunePodRoutes")
            } ?? true
        defaultRouteInterface = try sources.defaultRouteInterface()
        expectedInterfaces = try sources.expectedInterfaces()
        macPrefix = try sources.macPrefix()
        nodeTable = try sources.nodeTable() ?? Self.defaultNodeTable
        reversePathFilter = try sources.reversePathFilter()
        transmitQueueLength = try sources.transmitQueueLength()
        vethAddress = try sources.vethAddress()
        vethMTUBytes = try sources.vethMTU() ?? 1500
    }
}

/// The places that settings come from, the stronger first.
struct SettingsSources {
    let network: SettingsSource
    let inherited: SettingsSource?

    init(_ network: SettingsSource, _ inherited: SettingsSource?) {
        self.network = network
        self.inherited = inherited
    }

    /// The place that a key is taken from.
    func from(_ key: String) -> SettingsSource { network.says(key) ? network : inherited ?? network }

    func mode() throws(CNIError) -> CoordinationMode {
        let source = from("mode")
        let text = try source.read { reader throws(JSONFieldError) in try reader.string(at: "mode") }
        guard let text, !text.isEmpty else { return .auto }
        guard let mode = CoordinationMode(word: text) else {
            throw source.refusal(
                "unknown tuneMode: \(text)", "mode: expected auto, underlay, overlay or disable, got \(text.quoted)")
        }
        return mode
    }

    func firstInterface() throws(CNIError) -> InterfaceName {
        let name = try interface("podDefaultCniNic") ?? InterfaceName("eth0")
        guard let name else { throw network.refusal("invalid network config", "podDefaultCniNic: no name") }
        return name
    }

    /// The annotation of the Pod, which the agent marks, counts before the network's configuration.
    func defaultRouteInterface() throws(CNIError) -> InterfaceName? {
        let isPinned = try inherited?.read { reader throws(JSONFieldError) in
            try reader.bool(at: "podDefaultRouteNICPinned")
        }
        if isPinned == true, let inherited, inherited.says("podDefaultRouteNIC") {
            return try SettingsSources(inherited, nil).interface("podDefaultRouteNIC")
        }
        return try interface("podDefaultRouteNic")
    }

    private func interface(_ key: String) throws(CNIError) -> InterfaceName? {
        let source = from(key)
        guard source.says(key) else { return nil }
        return try source.read { reader throws(JSONFieldError) in
            try reader.parsed(at: key, expected: "the name of an interface (it \(InterfaceName.rule))") {
                InterfaceName($0)
            }
        }
    }

    func expectedInterfaces() throws(CNIError) -> [InterfaceName]? {
        guard let inherited, inherited.says("podNICs") else { return nil }
        return try inherited.read { reader throws(JSONFieldError) in try reader.strings(at: "podNICs") }?
            .compactMap { InterfaceName($0) }
    }

    func prefixes(_ key: String) throws(CNIError) -> [CIDR] {
        let source = from(key)
        let texts = try source.read { reader throws(JSONFieldError) in try reader.strings(at: key) } ?? []
        var prefixes: [CIDR] = []
        for (index, text) in texts.enumerated() {
            guard text.contains("/"), let prefix = CIDR(trimming: text) else {
                throw source.refusal(
                    "invalid network config",
                    "\(key)[\(index)]: expected a prefix such as 10.96.0.0/12, got \(text.quoted)")
            }
            prefixes.append(prefix)
        }
        return prefixes
    }

    func policyRoutes() throws(CNIError) -> [PolicyRoute] {
        let source = from("policyRoutes")
        let items = try source.read { reader throws(JSONFieldError) in try reader.objects(at: "policyRoutes") } ?? []
        var routes: [PolicyRoute] = []
        for (index, item) in items.enumerated() {
            let texts = try source.read { _ throws(JSONFieldError) in
                (
                    destination: try item.required("dst", item.string(at: "dst"), expected: "a prefix or an address"),
                    gateway: try item.required("gw", item.string(at: "gw"), expected: "an address")
                )
            }
            let path = "policyRoutes[\(index)]"
            guard let destination = CIDR(trimming: texts.destination) else {
                throw source.refusal(
                    "invalid network config",
                    "\(path).dst: expected a prefix or an address, got \(texts.destination.quoted)")
            }
            guard let gateway = IPAddress(texts.gateway.trimmed) else {
                throw source.refusal(
                    "invalid network config", "\(path).gw: expected an address, got \(texts.gateway.quoted)")
            }
            guard let route = PolicyRoute(to: destination, via: gateway) else {
                throw source.refusal(
                    "invalid network config",
                    "\(path): dst \(destination) and gw \(gateway) are of different families")
            }
            routes.append(route)
        }
        return routes
    }

    func macPrefix() throws(CNIError) -> MACPrefix? {
        let source = from("podMACPrefix")
        let text = try source.read { reader throws(JSONFieldError) in try reader.string(at: "podMACPrefix") }
        guard let text, !text.isEmpty else { return nil }
        guard let prefix = MACPrefix(text) else {
            throw source.refusal(
                "mac_prefix format should be two bytes in hexadecimal, the first even, such as 0a:1b",
                "podMACPrefix: got \(text.quoted)")
        }
        return prefix
    }

    func nodeTable() throws(CNIError) -> RouteTable? {
        let source = from("hostRuleTable")
        let number = try source.read { reader throws(JSONFieldError) in try reader.integer(at: "hostRuleTable") }
        guard let number, number != 0 || source.name.isEmpty else { return nil }
        guard let table = UInt32(exactly: number), table > 0, !(253...255).contains(table) else {
            throw source.refusal(
                "invalid network config",
                "hostRuleTable: expected a table of routes, 1 to 4294967295 but not 253 to 255, got \(number)")
        }
        return RouteTable(rawValue: table)
    }

    func reversePathFilter() throws(CNIError) -> Int? {
        let source = from("podRPFilter")
        let number =
            try source.read { reader throws(JSONFieldError) in try reader.integer(at: "podRPFilter") } ?? 0
        guard number <= 2 else {
            throw source.refusal(
                "invalid rp_filter value \(number), available options: [-1,0,1,2]", "podRPFilter: got \(number)")
        }
        return number < 0 ? nil : Int(number)
    }

    func transmitQueueLength() throws(CNIError) -> UInt32? {
        let number = try from("txQueueLen").read { reader throws(JSONFieldError) in
            try reader.integer(at: "txQueueLen", in: 0...Int64(Int32.max))
        }
        return number.flatMap { $0 > 0 ? UInt32($0) : nil }
    }

    func vethAddress() throws(CNIError) -> IPAddress? {
        let source = from("vethLinkAddress")
        let text = try source.read { reader throws(JSONFieldError) in try reader.string(at: "vethLinkAddress") }
        guard let text, !text.trimmed.isEmpty else { return nil }
        guard let address = IPAddress(text.trimmed), address.isAssignable else {
            throw source.refusal(
                "invalid network config",
                "vethLinkAddress: expected an address such as 169.254.100.1, got \(text.quoted)")
        }
        return address
    }

    func vethMTU() throws(CNIError) -> UInt32? {
        let source = from("vethMTU")
        let number = try source.read { reader throws(JSONFieldError) in try reader.integer(at: "vethMTU") }
        guard let number, number != 0 || source.name.isEmpty else { return nil }
        guard number > 0 else { throw source.refusal("vethMTU must be greater than 0", "vethMTU: got \(number)") }
        // What is left is for the kernel to refuse: its limits are not the same everywhere.
        guard let bytes = UInt32(exactly: number) else {
            throw source.refusal("invalid network config", "vethMTU: expected a number of bytes, got \(number)")
        }
        return bytes
    }
}

extension CIDR {
    /// Reads a prefix or an address with blanks around it; bits behind the prefix do not count.
    fileprivate init?(trimming text: String) {
        let text = text.trimmed
        if let address = IPAddress(text) {
            self.init(address)
        } else if let prefix = try? CIDR(lenientParsing: text) {
            self = prefix
        } else {
            return nil
        }
    }
}

extension String {
    /// As it is shown in messages: in quotes, without what would harm a terminal, and not endless.
    fileprivate var quoted: String { JSONValue.string(self).excerpt() }

    /// Without blanks at the ends.
    fileprivate var trimmed: String {
        let isBlank = { (character: Character) in character.isWhitespace }
        var text = self[...].drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return String(text)
    }
}
