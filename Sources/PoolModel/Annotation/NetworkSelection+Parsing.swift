internal import IPAMCore
internal import JSONTree

extension AnnotationFormat {
    /// Reads either form of a list of networks: `[ns/]name[@ifname], …`, or a JSON array of objects.
    ///
    /// A text with any of `[`, `{` and `"` is meant as JSON. An empty text names no network.
    func networks(_ text: String) throws(PoolSelectionError) -> [NetworkSelection] {
        if text.utf8.contains(where: { "[{\"".utf8.contains($0) }) {
            var networks: [NetworkSelection] = []
            for reader in try objects(text) { networks.append(try network(in: reader)) }
            return networks
        }
        guard text.utf8.contains(where: { !Self.isBlank($0) }) else { return [] }
        var networks: [NetworkSelection] = []
        for (index, entry) in text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            .enumerated()
        {
            networks.append(try network(Self.trimmed(entry), at: "[\(index)]"))
        }
        return networks
    }

    /// `[ns/]name[@ifname]`.
    private func network(_ entry: String, at place: String) throws(PoolSelectionError) -> NetworkSelection {
        let halves = entry.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        let parts = halves[0].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard halves.count <= 2, parts.count <= 2 else {
            throw refusal("\(place): \(entry.quoted) has more than one \"/\" or \"@\"")
        }
        let namespace = parts.count == 2 ? parts[0] : nil
        let interface = halves.count == 2 ? halves[1] : nil
        return try checked(
            NetworkSelection(name: parts[parts.count - 1], namespace: namespace, interface: interface), at: place)
    }

    private func network(in reader: JSONFieldReader) throws(PoolSelectionError) -> NetworkSelection {
        let name = try field { () throws(JSONFieldError) in
            try reader.required("name", reader.string(at: "name"), expected: "the name of a network")
        }
        let addresses = try field { () throws(JSONFieldError) in
            try reader.parsedList(at: "ips", expected: "an IP address, with or without a prefix length") { text in
                (try? IPAddress(parsing: text)) != nil || (try? CIDR(lenientParsing: text)) != nil ? text : nil
            }
        }
        let hardwareAddress = try field { () throws(JSONFieldError) in
            try reader.parsed(at: "mac", expected: "a MAC address") { text in
                text.isEmpty ? .some(nil) : (try? MACAddress(parsing: text)).map(Optional.some)
            }
        }
        _ = try field { () throws(JSONFieldError) in
            try reader.parsed(at: "infiniband-guid", expected: "a GUID of eight pairs of hexadecimal digits") { text in
                text.isEmpty || Self.isGUID(text) ? text : nil
            }
        }
        return try checked(
            NetworkSelection(
                name: name, namespace: try text(at: "namespace", in: reader),
                interface: try text(at: "interface", in: reader), addresses: addresses ?? [],
                hardwareAddress: hardwareAddress ?? nil),
            at: "\(reader.path)")
    }

    /// The names are such as the cluster and the kernel accept.
    private func checked(_ network: NetworkSelection, at place: String) throws(PoolSelectionError) -> NetworkSelection {
        if let problem = LabelSyntax.problem(ofName: network.name) {
            throw refusal("\(place): network \(network.name.quoted): \(problem)")
        }
        if let namespace = network.namespace, let problem = LabelSyntax.problem(ofName: namespace) {
            throw refusal("\(place): namespace \(namespace.quoted): \(problem)")
        }
        if let interface = network.interface, InterfaceName(interface) == nil {
            throw refusal("\(place): \(interface.quoted) is no name for an interface; one \(InterfaceName.rule)")
        }
        return network
    }

    private static func isGUID(_ text: String) -> Bool {
        let pairs = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        return pairs.count == 8 && pairs.allSatisfy { $0.count == 2 && $0.allSatisfy(isHexadecimal) }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }

    private static func trimmed(_ entry: Substring.UTF8View) -> String {
        let tail = entry.drop(while: isBlank)
        let end = tail.lastIndex { !isBlank($0) }.map { tail.index(after: $0) } ?? tail.startIndex
        return String(decoding: tail[..<end], as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
}
