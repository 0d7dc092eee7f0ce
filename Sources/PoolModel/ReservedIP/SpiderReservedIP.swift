public import IPAMCore
public import JSONTree

/// Addresses that no pool hands out any more; what is in use stays in use.
public struct SpiderReservedIP: Resource {
    /// `SpiderReservedIP`.
    public static let kind = ResourceKind(name: "SpiderReservedIP", plural: "spiderreservedips", shortName: "sr")

    /// Name, labels and the like.
    public var metadata: ObjectMetadata
    /// What is reserved.
    public var spec: Spec

    /// Makes a reservation.
    public init(metadata: ObjectMetadata, spec: Spec) {
        self.metadata = metadata
        self.spec = spec
    }

    /// Makes a reservation of a name with a few ranges.
    public init(named name: String, ips: [String]) {
        self.init(metadata: ObjectMetadata(name: name), spec: Spec(ips: ips))
    }

    /// What is reserved.
    public struct Spec: Sendable, Hashable {
        /// 4 or 6; `nil` stands for the family of the first range.
        public var ipVersion: Int64?
        /// The ranges.
        public var ips: [String]

        /// Makes a specification.
        public init(ipVersion: Int64? = nil, ips: [String]) {
            self.ipVersion = ipVersion
            self.ips = ips
        }
    }

    /// The family that `spec.ipVersion` names or, where it lacks, that of the first range; `nil` when neither says it.
    public var family: AddressFamily? {
        if let version = spec.ipVersion { return UInt8(exactly: version).flatMap(AddressFamily.init(rawValue:)) }
        return spec.ips.first.flatMap { AddressRange($0) }?.family
    }
}

extension SpiderReservedIP {
    /// Reads a manifest; see ``Resource/init(tree:)``.
    ///
    /// - Throws: ``InvalidResource`` with every mistake.
    public init(tree: JSONValue) throws(InvalidResource) {
        var manifest = try ManifestReader(tree, kind: Self.kind, sections: ["spec"])
        var spec = Spec(ips: [])
        if let reader = manifest.section("spec", required: true, known: ["ipVersion", "ips"]) {
            spec.ipVersion = manifest.fields.integer(at: "ipVersion", in: reader)
            spec.ips = manifest.fields.strings(at: "ips", in: reader) ?? []
        }
        try manifest.finish()
        self.init(metadata: manifest.metadata, spec: spec)
    }

    /// The manifest.
    public var tree: JSONValue {
        var object = treeHead
        var specObject = JSONObject()
        specObject["ipVersion"] = spec.ipVersion.map { JSONValue.integer($0) }
        if !spec.ips.isEmpty { specObject["ips"] = .strings(spec.ips) }
        object["spec"] = .object(specObject)
        return .object(object)
    }
}
