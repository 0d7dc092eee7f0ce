internal import IPAMCore
internal import JSONTree

extension ImportReading {
    private static let whereaboutsVersion = "whereabouts.cni.cncf.io/v1alpha1"

    /// Reads `IPPool` objects of whereabouts.
    ///
    /// An allocation is keyed by its distance from the first address of `spec.range`. Objects that repeat what the
    /// pools say, `OverlappingRangeIPReservation` and `NodeSlicePool`, are passed over.
    public init(whereabouts documents: [Document]) {
        for (index, document) in documents.enumerated() {
            var fields = FieldCollector()
            if let root = fields.read({ () throws(JSONFieldError) in try JSONFieldReader(document.tree) }) {
                claims += Self.allocations(of: root, file: document.file, &fields)
            }
            note(fields.errors, of: index)
        }
    }

    private static func allocations(
        of root: JSONFieldReader, file: String, _ fields: inout FieldCollector
    ) -> [ImportedClaim] {
        if let version = fields.requiredString(at: "apiVersion", in: root), version != whereaboutsVersion {
            fields.add(
                .notSupported, at: root.path(of: "apiVersion"), value: version,
                "supported values: \(whereaboutsVersion.quoted)")
            return []
        }
        guard let kind = fields.requiredString(at: "kind", in: root) else { return [] }
        guard kind == "IPPool" else {
            if kind != "OverlappingRangeIPReservation", kind != "NodeSlicePool" {
                fields.add(
                    .notSupported, at: root.path(of: "kind"), value: kind, "supported values: \("IPPool".quoted)")
            }
            return []
        }
        guard let spec = fields.requiredObject(at: "spec", in: root),
            let text = fields.requiredString(at: "range", in: spec)
        else { return [] }
        let range: CIDR
        do throws(AddressParseError) {
            range = try CIDR(parsing: text)
        } catch {
            fields.add(.invalid, at: spec.path(of: "range"), value: text, "\(error)")
            return []
        }
        guard let table = fields.object(at: "allocations", in: spec) else { return [] }
        return table.object.members.compactMap { member in
            guard let record = fields.object(at: member.key, in: table) else {
                if member.value.isNull { fields.add(.required, at: table.path(of: member.key), "who uses it?") }
                return nil
            }
            return claim(member.key, record, in: range, file: file, &fields)
        }
    }

    private static func claim(
        _ key: String, _ record: JSONFieldReader, in range: CIDR, file: String, _ fields: inout FieldCollector
    ) -> ImportedClaim? {
        let isNumber = !key.isEmpty && key.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isNumber, let offset = UInt128(key), let address = range.network.adding(offset), range.contains(address)
        else {
            fields.add(
                .invalid, at: record.path, value: key, "an allocation is keyed by its distance within \(range)")
            return nil
        }
        let before = fields.errors.count
        let container = fields.containerID(at: "id", in: record)
        let interface = fields.interface(at: "ifname", in: record)
        let pod = fields.string(at: "podref", in: record) ?? ""
        guard let container, fields.errors.count == before else { return nil }
        let (namespace, name) = Claim.Owner.parts(ofPod: pod)
        return ImportedClaim(
            address: address, owner: Claim.Owner(namespace: namespace, name: name, uid: container),
            containerID: container, interface: interface, file: file)
    }
}

extension FieldCollector {
    /// A container ID that must be there; `nil` and a note when it is not, or is none.
    mutating func containerID(at key: String, in reader: JSONFieldReader) -> String? {
        guard let text = requiredString(at: key, in: reader) else { return nil }
        guard ImportRule.isContainerID(text) else {
            add(.invalid, at: reader.path(of: key), value: text, ImportRule.containerID)
            return nil
        }
        return text
    }

    /// The name of an interface; `nil` when it is absent or empty, and also a note when it is none.
    mutating func interface(at key: String, in reader: JSONFieldReader) -> String? {
        guard let text = string(at: key, in: reader), !text.isEmpty else { return nil }
        guard ImportRule.isInterface(text) else {
            add(.invalid, at: reader.path(of: key), value: text, ImportRule.interface)
            return nil
        }
        return text
    }
}

extension Claim.Owner {
    /// Namespace and name of a Pod that is written `namespace/name`; without a slash it is a name alone.
    static func parts(ofPod text: String) -> (namespace: String, name: String) {
        guard let slash = text.firstIndex(of: "/") else { return ("", text) }
        return (String(text[..<slash]), String(text[text.index(after: slash)...]))
    }
}
