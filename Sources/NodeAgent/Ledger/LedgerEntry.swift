public import IPAMCore
internal import JSONTree

/// What one sandbox of this node was given on one interface.
public struct LedgerEntry: Sendable, Hashable {
    /// Which sandbox and interface.
    public struct Key: Sendable, Hashable {
        /// The sandbox.
        public var containerID: String
        /// The interface in it.
        public var interface: String

        /// Makes a key.
        public init(containerID: String, interface: String) {
            self.containerID = containerID
            self.interface = interface
        }
    }

    /// What is known about the sandbox.
    public enum State: String, Sendable, Hashable {
        /// It uses the addresses.
        case given
        /// It is gone, which the blocks may not say yet.
        case releasing
    }

    /// An address and its pool.
    public struct Address: Sendable, Hashable {
        /// The address; its block follows from it.
        public var address: IPAddress
        /// The pool.
        public var pool: String

        /// Makes a pair.
        public init(_ address: IPAddress, pool: String) {
            self.address = address
            self.pool = pool
        }
    }

    /// Which sandbox and interface.
    public var key: Key
    /// What is known about the sandbox.
    public var state = State.given
    /// The addresses.
    public var addresses: [Address]
    /// The Pod.
    public var pod: PodName
    /// The Pod's UID.
    public var podUID: String
    /// Who owns the claims: the Pod's UID, or the stable text of a fixed workload.
    public var owner: String
    /// Whether the owner keeps the addresses.
    public var isFixed = false
    /// Name of the CNI network; empty when it was not told.
    public var network = ""
    /// When the claims were made: what a fixed workload was given later elsewhere counts more. Of an entry that does not say it,
    /// everything counts more.
    public var since = Timestamp(milliseconds: 0)
    /// Boot ID of the host when the addresses were given.
    public var bootID: String

    /// Makes an entry; what it does not mention is set afterwards.
    public init(_ key: Key, addresses: [Address], pod: PodName, podUID: String, owner: String, bootID: String) {
        self.key = key
        self.addresses = addresses
        self.pod = pod
        self.podUID = podUID
        self.owner = owner
        self.bootID = bootID
    }

    /// Whether the sandbox went with an earlier start of the host, and its claims with it.
    public func isVoid(on bootID: String) -> Bool { !isFixed && self.bootID != bootID }
}

extension LedgerEntry {
    var json: JSONValue {
        [
            "containerID": .string(key.containerID), "ifName": .string(key.interface),
            "state": .string(state.rawValue),
            "addresses": .array(
                addresses.map { ["address": .string("\($0.address)"), "pool": .string($0.pool)] }),
            "podNamespace": .string(pod.namespace), "podName": .string(pod.name), "podUID": .string(podUID),
            "owner": .string(owner), "isFixed": .bool(isFixed), "network": .string(network),
            "since": .string(since.preciseDescription), "bootID": .string(bootID),
        ]
    }

    init(_ reader: JSONFieldReader) throws(JSONFieldError) {
        key = Key(
            containerID: try reader.requiredString(at: "containerID"),
            interface: try reader.requiredString(at: "ifName"))
        let state = try reader.parsed(at: "state", expected: "given or releasing") { State(rawValue: $0) }
        self.state = try reader.required("state", state)
        addresses = []
        for entry in try reader.required("addresses", try reader.objects(at: "addresses")) {
            let address = try entry.parsed(at: "address", expected: "an IP address") { IPAddress($0) }
            addresses.append(
                Address(try entry.required("address", address), pool: try entry.requiredString(at: "pool")))
        }
        pod = PodName(
            namespace: try reader.requiredString(at: "podNamespace"), name: try reader.requiredString(at: "podName"))
        podUID = try reader.requiredString(at: "podUID")
        owner = try reader.requiredString(at: "owner")
        isFixed = try reader.bool(at: "isFixed") ?? false
        network = try reader.string(at: "network") ?? ""
        since =
            try reader.parsed(at: "since", expected: "an RFC 3339 time") { Timestamp(rfc3339: $0) }
            ?? Timestamp(milliseconds: 0)
        bootID = try reader.requiredString(at: "bootID")
    }
}

extension LedgerEntry.Key {
    /// The name of the file: what is no plain character as `%XX`, and a long name cut off before a checksum.
    var fileName: String {
        var text = ""
        for part in [containerID, interface] {
            if !text.isEmpty { text += "@" }
            for octet in part.utf8 {
                switch octet {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "_"):
                    text.unicodeScalars.append(Unicode.Scalar(octet))
                default: text += (octet < 16 ? "%0" : "%") + String(octet, radix: 16)
                }
            }
        }
        guard text.utf8.count > 200 else { return text + ".json" }
        // FNV-1a, 64 bits.
        let checksum = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return text.prefix(160) + "~" + String(checksum, radix: 16) + ".json"
    }
}
