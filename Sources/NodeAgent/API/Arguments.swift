public import IPAMCore
internal import JSONTree

/// `IpamDelArgs`: one container's interface and its Pod.
public struct AttachmentArguments: Sendable, Hashable {
    /// The sandbox.
    public var containerID: String
    /// The interface in it.
    public var interface: String
    /// Path of its network namespace; may be empty.
    public var networkNamespace: String
    /// The Pod; both parts may be empty on DEL.
    public var pod: PodName
    /// The Pod's UID; empty when the runtime does not tell it.
    public var podUID: String

    /// Makes arguments.
    public init(containerID: String, interface: String, networkNamespace: String = "", pod: PodName, podUID: String) {
        self.containerID = containerID
        self.interface = interface
        self.networkNamespace = networkNamespace
        self.pod = pod
        self.podUID = podUID
    }

    init(_ reader: JSONFieldReader, needsNamespace: Bool = false) throws(JSONFieldError) {
        containerID = try reader.requiredString(at: "containerID")
        interface = try reader.requiredString(at: "ifName")
        networkNamespace =
            needsNamespace
            ? try reader.requiredString(at: "netNamespace") : try reader.string(at: "netNamespace") ?? ""
        pod = PodName(
            namespace: try reader.requiredString(at: "podNamespace"), name: try reader.requiredString(at: "podName"))
        podUID = try reader.requiredString(at: "podUID")
    }
}

/// `IpamAddArgs`: who asks for addresses, and what its network's configuration says.
public struct AddArguments: Sendable, Hashable {
    /// The container and its Pod.
    public var attachment: AttachmentArguments
    /// `default_ipv4_ippool` of the network's configuration; empty when it says nothing.
    public var ipv4Pools: [String]
    /// `default_ipv6_ippool` of the network's configuration.
    public var ipv6Pools: [String]
    /// `clean_gateway` of the network's configuration.
    public var cleanGateway: Bool
    /// `match_master_subnet` of the network's configuration.
    public var matchesMasterSubnet: Bool
    /// Name of the CNI network; empty from plugins that do not tell it.
    public var network: String

    /// Makes arguments.
    public init(
        _ attachment: AttachmentArguments, ipv4Pools: [String] = [], ipv6Pools: [String] = [],
        cleanGateway: Bool = false, matchesMasterSubnet: Bool = false, network: String = ""
    ) {
        self.attachment = attachment
        self.ipv4Pools = ipv4Pools
        self.ipv6Pools = ipv6Pools
        self.cleanGateway = cleanGateway
        self.matchesMasterSubnet = matchesMasterSubnet
        self.network = network
    }

    init(_ reader: JSONFieldReader) throws(JSONFieldError) {
        attachment = try AttachmentArguments(reader, needsNamespace: true)
        ipv4Pools = try reader.strings(at: "defaultIPv4IPPool") ?? []
        ipv6Pools = try reader.strings(at: "defaultIPv6IPPool") ?? []
        cleanGateway = try reader.bool(at: "cleanGateway") ?? false
        matchesMasterSubnet = try reader.bool(at: "matchMasterSubnet") ?? false
        network = try reader.string(at: "network") ?? ""
    }
}

/// `IpamBatchDelArgs`, and what our plugin adds to it: which addresses somebody else was seen using.
public struct GiveUpArguments: Sendable, Hashable {
    /// An address in foreign use.
    public struct Conflict: Sendable, Hashable {
        /// The address.
        public var address: IPAddress
        /// The hardware address that was seen using it.
        public var mac: MACAddress?

        /// Makes a conflict.
        public init(_ address: IPAddress, mac: MACAddress? = nil) {
            self.address = address
            self.mac = mac
        }
    }

    /// The sandbox.
    public var containerID: String
    /// The one interface that is meant; `nil` for all of the Pod, which is what plugins of the reference mean.
    public var interface: String?
    /// The Pod.
    public var pod: PodName
    /// The Pod's UID; may be empty.
    public var podUID: String
    /// `isReleaseConflictIPs`: the release is because of a conflict, and may be forbidden.
    public var isConflict: Bool
    /// What somebody else uses.
    public var conflicts: [Conflict]

    /// Makes arguments.
    public init(
        containerID: String, interface: String? = nil, pod: PodName, podUID: String, isConflict: Bool = false,
        conflicts: [Conflict] = []
    ) {
        self.containerID = containerID
        self.interface = interface
        self.pod = pod
        self.podUID = podUID
        self.isConflict = isConflict
        self.conflicts = conflicts
    }

    init(_ reader: JSONFieldReader) throws(JSONFieldError) {
        containerID = try reader.requiredString(at: "containerID")
        interface = try reader.string(at: "ifName").flatMap { $0.isEmpty ? nil : $0 }
        _ = try reader.string(at: "netNamespace")
        pod = PodName(
            namespace: try reader.requiredString(at: "podNamespace"), name: try reader.requiredString(at: "podName"))
        podUID = try reader.requiredString(at: "podUID")
        isConflict = try reader.bool(at: "isReleaseConflictIPs") ?? false
        conflicts = []
        for entry in try reader.objects(at: "conflicts") ?? [] {
            let address = try entry.parsed(at: "address", expected: "an IP address") { IPAddress($0) }
            conflicts.append(
                Conflict(
                    try entry.required("address", address, expected: "an IP address"),
                    mac: try entry.parsed(at: "mac", expected: "a MAC address") { try? MACAddress(parsing: $0) }))
        }
    }
}

/// What CHECK asks: whether the container still owns what it was given.
public struct CheckArguments: Sendable, Hashable {
    /// The container and its Pod.
    public var attachment: AttachmentArguments
    /// The addresses of the result of ADD.
    public var addresses: [IPAddress]

    /// Makes arguments.
    public init(_ attachment: AttachmentArguments, addresses: [IPAddress]) {
        self.attachment = attachment
        self.addresses = addresses
    }

    init(_ reader: JSONFieldReader) throws(JSONFieldError) {
        attachment = try AttachmentArguments(reader)
        addresses = try reader.parsedList(at: "addresses", expected: "an IP address") { IPAddress($0) } ?? []
    }
}

/// What GC tells: what is still attached to a network of this node.
public struct GarbageArguments: Sendable, Hashable {
    /// A container's interface.
    public struct Attachment: Sendable, Hashable {
        /// The container.
        public var containerID: String
        /// The interface in it.
        public var interface: String

        /// Makes an attachment.
        public init(containerID: String, interface: String) {
            self.containerID = containerID
            self.interface = interface
        }
    }

    /// Name of the CNI network.
    public var network: String
    /// All that must stay.
    public var valid: Set<Attachment>

    /// Makes arguments.
    public init(network: String, valid: Set<Attachment>) {
        self.network = network
        self.valid = valid
    }

    init(_ reader: JSONFieldReader) throws(JSONFieldError) {
        let name = try reader.parsed(at: "network", expected: "the name of a network") { $0.isEmpty ? nil : $0 }
        network = try reader.required("network", name)
        valid = []
        // Without the list everything would count as gone.
        for entry in try reader.required("validAttachments", try reader.objects(at: "validAttachments")) {
            valid.insert(
                Attachment(
                    containerID: try entry.requiredString(at: "containerID"),
                    interface: try entry.requiredString(at: "ifName")))
        }
    }
}

extension JSONFieldReader {
    /// A text that must be there, be it empty.
    func requiredString(at key: String) throws(JSONFieldError) -> String {
        try required(key, try string(at: key), expected: "a string")
    }
}
