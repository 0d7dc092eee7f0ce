internal import IPAMCore
internal import JSONTree

extension ImportReading {
    /// Reads pools with their `status.allocatedIPs`, endpoints and reservations of Spiderpool, and blocks of an export.
    ///
    /// A pool says who has which address, an endpoint adds interface, node and controller. What only one of the two
    /// says is taken as well: either may have been written before the other.
    public init(spiderpool documents: [Document]) {
        var records: [ImportedClaim] = []
        var endpoints: [IPAddress: [ImportedClaim]] = [:]
        for (index, document) in documents.enumerated() {
            if document.tree["kind"]?.stringValue == EndpointReader.kind {
                var reader = EndpointReader(file: document.file)
                for claim in reader.read(document.tree) { endpoints[claim.address, default: []].append(claim) }
                note(reader.fields.errors, of: index)
                continue
            }
            do throws(InvalidResource) {
                let resource = try ResourceRegistry.exported.read(document.tree)
                if let object = resource as? SpiderIPBlock {
                    blocks.append(object.block)
                    claims += object.block.claims.map { ImportedClaim($0, file: document.file) }
                    continue
                }
                resources.append(Companion(index: index, resource: resource))
                guard let pool = resource as? SpiderIPPool else { continue }
                var fields = FieldCollector()
                records += Self.allocations(of: pool, file: document.file, &fields)
                note(fields.errors, of: index)
            } catch {
                note(error.errors, of: index)
            }
        }
        for var claim in records {
            if let known = endpoints[claim.address]?.first(where: { $0.owner.uid == claim.owner.uid }) {
                claim.interface = known.interface ?? claim.interface
                claim.containerID = known.containerID
                claim.node = known.node
                claim.owner.controllerKind = known.owner.controllerKind
                claim.owner.controllerName = known.owner.controllerName
                endpoints[claim.address]?.removeAll { $0.owner.uid == claim.owner.uid }
            }
            claims.append(claim)
        }
        claims += endpoints.values.joined().sorted { ($0.address, $0.owner.uid) < ($1.address, $1.owner.uid) }
    }

    private static func allocations(
        of pool: SpiderIPPool, file: String, _ fields: inout FieldCollector
    ) -> [ImportedClaim] {
        guard let text = pool.status.allocatedIPs, !text.isEmpty else { return [] }
        let path = JSONFieldPath.status.appending("allocatedIPs")
        let table: JSONFieldReader
        do throws(JSONParseError) {
            let tree = try JSONValue(parsing: text)
            guard let reader = fields.read({ () throws(JSONFieldError) in try JSONFieldReader(tree, path: path) })
            else { return [] }
            table = reader
        } catch {
            fields.add(.invalid, at: path, "not JSON: \(error)")
            return []
        }
        return table.object.members.compactMap { member in
            let address: IPAddress
            do throws(AddressParseError) {
                address = try IPAddress(parsing: member.key)
            } catch {
                fields.add(.invalid, at: path, value: member.key, "\(error)")
                return nil
            }
            guard let record = fields.requiredObject(at: member.key, in: table) else { return nil }
            let before = fields.errors.count
            let uid = fields.ownerUID(at: "podUid", in: record)
            let interface = fields.interface(at: "nic", in: record)
            let pod = fields.string(at: "pod", in: record) ?? ""
            guard let uid, fields.errors.count == before else { return nil }
            // A workload that nobody named is recorded by its UID.
            let (namespace, name) = Claim.Owner.parts(ofPod: pod == uid ? "" : pod)
            return ImportedClaim(
                address: address, owner: Claim.Owner(namespace: namespace, name: name, uid: uid), containerID: uid,
                interface: interface, pool: pool.name, file: file)
        }
    }
}

/// Reads one endpoint: the addresses that one Pod has.
private struct EndpointReader {
    static let kind = "SpiderEndpoint"

    let file: String
    var fields = FieldCollector()

    init(file: String) { self.file = file }

    mutating func read(_ tree: JSONValue) -> [ImportedClaim] {
        guard let root = fields.read({ () throws(JSONFieldError) in try JSONFieldReader(tree) }) else { return [] }
        fields.checkAPIVersion(in: root)
        let metadata = ObjectMetadata(in: root, fields: &fields)
        guard let status = fields.requiredObject(at: "status", in: root),
            let current = fields.requiredObject(at: "current", in: status),
            let uid = fields.ownerUID(at: "uid", in: current), fields.errors.isEmpty
        else { return [] }
        let owner = Claim.Owner(
            namespace: metadata.others["namespace"]?.stringValue ?? "", name: metadata.name, uid: uid,
            controllerKind: fields.string(at: "ownerControllerType", in: status) ?? "",
            controllerName: fields.string(at: "ownerControllerName", in: status) ?? "")
        let container = current.has("containerID") ? fields.containerID(at: "containerID", in: current) : uid
        let node = fields.string(at: "node", in: current) ?? ""
        var claims: [ImportedClaim] = []
        for entry in fields.objects(at: "ips", in: current) ?? [] {
            let interface = fields.interface(at: "interface", in: entry)
            for family in ["ipv4", "ipv6"] {
                guard let address = address(at: family, in: entry) else { continue }
                claims.append(
                    ImportedClaim(
                        address: address, owner: owner, containerID: container ?? uid, interface: interface,
                        pool: fields.string(at: family + "Pool", in: entry), node: node, file: file))
            }
        }
        return claims
    }

    /// The address of `10.6.168.101/24`.
    private mutating func address(at key: String, in entry: JSONFieldReader) -> IPAddress? {
        guard let text = fields.string(at: key, in: entry), !text.isEmpty else { return nil }
        do throws(AddressParseError) {
            return try IPAddress(parsing: String(text.prefix { $0 != "/" }))
        } catch {
            fields.add(.invalid, at: entry.path(of: key), value: text, "\(error)")
            return nil
        }
    }
}

extension FieldCollector {
    /// The UID of a workload, which need not be a container ID: a fixed identity has a slash in it.
    fileprivate mutating func ownerUID(at key: String, in reader: JSONFieldReader) -> String? {
        guard let text = requiredString(at: key, in: reader) else { return nil }
        guard (1...1024).contains(text.utf8.count), text.unicodeScalars.allSatisfy({ $0.value >= 0x20 }) else {
            add(
                .invalid, at: reader.path(of: key), value: text, "not a UID: 1 to 1024 bytes without control characters"
            )
            return nil
        }
        return text
    }
}
