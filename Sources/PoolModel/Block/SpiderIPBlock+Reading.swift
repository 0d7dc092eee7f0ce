internal import IPAMCore
public import JSONTree

extension SpiderIPBlock {
    /// Reads a manifest, and whether it makes sense: nobody could act on half a block.
    ///
    /// - Throws: ``InvalidResource`` with every mistake: fields, addresses outside of the block, an address that stands
    ///   there twice, a sequence number above the block's, a name that does not follow from the addresses.
    public init(tree: JSONValue) throws(InvalidResource) {
        var manifest = try ManifestReader(tree, kind: Self.kind, sections: ["spec"])
        var block: Block?
        var write: UInt64?
        if let reader = manifest.section("spec", required: true, known: Self.fieldNames) {
            write = manifest.fields.write(in: reader)
            block = Block(in: reader, fields: &manifest.fields)
        }
        if let block, !manifest.metadata.name.isEmpty, manifest.metadata.name != Self.name(of: block.key) {
            manifest.fields.add(
                .invalid, at: .metadata.appending("name"), value: manifest.metadata.name,
                "the block \(block.key) is called \(Self.name(of: block.key).quoted); write that name")
        }
        try manifest.finish()
        guard let block else { preconditionFailure("a block that cannot be read has no mistake") }
        self.init(metadata: manifest.metadata, block: block, write: write)
    }
}

extension Block {
    /// Reads `spec`; `nil` when it cannot be told which block it is.
    fileprivate init?(in reader: JSONFieldReader, fields: inout FieldCollector) {
        guard let key = fields.blockKey(in: reader) else { return nil }
        self.init(key)
        guard let highest = fields.sequence(at: "sequence", in: reader) else { return }
        continueFrom(sequence: highest)
        let node = fields.shortText(at: "node", in: reader)
        for entry in fields.objects(at: "claims", in: reader) ?? [] {
            guard let claim = Claim(in: entry, of: key, highest: highest, commonNode: node, fields: &fields) else {
                continue
            }
            if !restore(claim) { fields.addTwice(claim.address, in: entry) }
        }
        for entry in fields.objects(at: "rests", in: reader) ?? [] {
            guard let rest = Rest(in: entry, of: key, fields: &fields) else { continue }
            if !restore(rest) { fields.addTwice(rest.address, in: entry) }
        }
    }
}

extension Claim {
    fileprivate init?(
        in reader: JSONFieldReader, of key: BlockKey, highest: UInt64, commonNode: String,
        fields: inout FieldCollector
    ) {
        let before = fields.errors.count
        fields.refuseUnknown(in: reader, known: Self.blockFieldNames)
        let address = fields.address(of: key, in: reader)
        let pool = fields.name(at: "pool", in: reader)
        let controller = fields.shortText(at: "owner", in: reader)
        let (kind, name) = Owner.parts(ofPod: controller)
        if !controller.isEmpty, !controller.utf8.contains(UInt8(ascii: "/")) {
            fields.add(
                .invalid, at: reader.path(of: "owner"), value: controller, "write kind and name: StatefulSet/web")
        }
        let owner = Owner(
            namespace: fields.shortText(at: "ns", in: reader), name: fields.shortText(at: "name", in: reader),
            uid: fields.name(at: "uid", in: reader), controllerKind: kind, controllerName: name)
        let interface = reader.has("nic") ? fields.name(at: "nic", in: reader) : PoolInstructions.primaryInterface
        if !interface.isEmpty, !ImportRule.isInterface(interface) {
            fields.add(.invalid, at: reader.path(of: "nic"), value: interface, ImportRule.interface)
        }
        let container = fields.shortText(at: "container", in: reader)
        if !container.isEmpty, !ImportRule.isContainerID(container) {
            fields.add(.invalid, at: reader.path(of: "container"), value: container, ImportRule.containerID)
        }
        let network = fields.shortText(at: "network", in: reader)
        let node = reader.has("node") ? fields.shortText(at: "node", in: reader) : commonNode
        let boot = fields.shortText(at: "boot", in: reader)
        let state = fields.choice(at: "state", in: reader, among: State.allCases)
        let isFixed = fields.bool(at: "fixed", in: reader) ?? false
        let sequence = fields.sequence(at: "seq", in: reader)
        if let sequence, sequence > highest {
            fields.add(
                .invalid, at: reader.path(of: "seq"), value: String(sequence),
                "the block has counted to \(highest) only; correct one of the two")
        }
        let since = fields.moment(at: "since", in: reader)
        guard fields.errors.count == before, let address, let sequence, let since else { return nil }
        self.init(
            address: address, pool: pool, owner: owner, interface: interface, containerID: container, network: network,
            node: node, bootID: boot, state: state ?? .allocated, isFixed: isFixed, sequence: sequence, since: since)
    }
}

extension Rest {
    fileprivate init?(in reader: JSONFieldReader, of key: BlockKey, fields: inout FieldCollector) {
        let before = fields.errors.count
        fields.refuseUnknown(in: reader, known: Self.blockFieldNames)
        let address = fields.address(of: key, in: reader)
        let reason = fields.choice(at: "reason", in: reader, among: Reason.allCases)
        if !reader.has("reason") {
            fields.add(.required, at: reader.path(of: "reason"), "write cooling or quarantined")
        }
        let since = fields.moment(at: "since", in: reader)
        let until = fields.moment(at: "until", in: reader)
        let holder = fields.hardwareAddress(at: "mac", in: reader)
        guard fields.errors.count == before, let address, let reason, let since, let until else { return nil }
        self.init(address: address, reason: reason, since: since, until: until, holder: holder)
    }
}

extension FieldCollector {
    fileprivate mutating func blockKey(in reader: JSONFieldReader) -> BlockKey? {
        guard let text = requiredString(at: "cidr", in: reader) else { return nil }
        guard let range = CIDR(text) else {
            add(.invalid, at: reader.path(of: "cidr"), value: text, "not a prefix; write 64 addresses: 10.6.168.64/26")
            return nil
        }
        let key = BlockKey(containing: range.network)
        guard key.cidr == range else {
            add(.invalid, at: reader.path(of: "cidr"), value: text, "a block has 64 addresses; write \(key)")
            return nil
        }
        return key
    }

    /// The field `write`, which may be absent.
    fileprivate mutating func write(in reader: JSONFieldReader) -> UInt64? {
        guard let text = string(at: "write", in: reader) else { return nil }
        if let write = UInt64(text, radix: 16), write != 0, SpiderIPBlock.text(ofWrite: write) == text { return write }
        add(
            .invalid, at: reader.path(of: "write"), value: text,
            "not 16 hexadecimal digits in lower case, or all of them 0")
        return nil
    }

    /// The field `ip`, an address of the block.
    fileprivate mutating func address(of key: BlockKey, in reader: JSONFieldReader) -> IPAddress? {
        guard let text = requiredString(at: "ip", in: reader) else { return nil }
        do throws(AddressParseError) {
            let address = try IPAddress(parsing: text)
            guard key.slot(of: address) == nil else { return address }
            add(.invalid, at: reader.path(of: "ip"), value: text, "not in \(key); put it into the block it belongs to")
        } catch {
            add(.invalid, at: reader.path(of: "ip"), value: text, "\(error)")
        }
        return nil
    }

    /// A hardware address, which may be absent.
    fileprivate mutating func hardwareAddress(at key: String, in reader: JSONFieldReader) -> MACAddress? {
        guard let text = string(at: key, in: reader) else { return nil }
        if let address = MACAddress(text) { return address }
        add(.invalid, at: reader.path(of: key), value: text, "not a hardware address; write it as 0a:1b:2c:3d:4e:5f")
        return nil
    }

    /// A sequence number, which the field must hold.
    fileprivate mutating func sequence(at key: String, in reader: JSONFieldReader) -> UInt64? {
        guard reader.has(key) else {
            add(.required, at: reader.path(of: key), "a number is needed here")
            return nil
        }
        return count(at: key, in: reader).map { UInt64($0) }
    }

    fileprivate mutating func moment(at key: String, in reader: JSONFieldReader) -> IPAMCore.Timestamp? {
        guard let text = requiredString(at: key, in: reader) else { return nil }
        guard let moment = IPAMCore.Timestamp(rfc3339: text) else {
            add(
                .invalid, at: reader.path(of: key), value: text,
                "not an RFC 3339 time; write it like \"2026-01-31T12:00:00Z\"")
            return nil
        }
        return moment
    }

    /// One of a few words.
    fileprivate mutating func choice<Choice: CustomStringConvertible>(
        at key: String, in reader: JSONFieldReader, among choices: [Choice]
    ) -> Choice? {
        guard let text = string(at: key, in: reader) else { return nil }
        if let choice = choices.first(where: { "\($0)" == text }) { return choice }
        let known = choices.map { "\($0)".quoted }.joined(separator: ", ")
        add(.notSupported, at: reader.path(of: key), value: text, "supported values: \(known)")
        return nil
    }

    /// A text that may be absent and is empty then.
    fileprivate mutating func shortText(at key: String, in reader: JSONFieldReader) -> String {
        guard let text = string(at: key, in: reader) else { return "" }
        let limit = 1024
        guard text.utf8.count <= limit, text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }) else {
            add(.invalid, at: reader.path(of: key), value: text, "more than \(limit) bytes, or control characters")
            return ""
        }
        return text
    }

    /// A text that must be there and not be empty.
    fileprivate mutating func name(at key: String, in reader: JSONFieldReader) -> String {
        guard let text = requiredString(at: key, in: reader) else { return "" }
        if text.isEmpty { add(.required, at: reader.path(of: key), "must not be empty; fill it in") }
        return text.isEmpty ? "" : shortText(at: key, in: reader)
    }

    fileprivate mutating func addTwice(_ address: IPAddress, in reader: JSONFieldReader) {
        add(
            .duplicate, at: reader.path(of: "ip"), value: address.description,
            "the address stands there already; keep one of the two")
    }
}
