/// Who owns an address, through which interface, since when.
public struct Claim: Sendable, Hashable {
    /// The workload that an address belongs to.
    public struct Owner: Sendable, Hashable {
        /// Kubernetes namespace; empty without Kubernetes.
        public var namespace: String
        /// Pod name, or a name given to the workload; empty when nobody named it.
        public var name: String
        /// Pod UID; without Kubernetes, the container ID. Never empty.
        public var uid: String
        /// Kind of the top controller, `StatefulSet` for instance; empty when unknown.
        public var controllerKind: String
        /// Name of the top controller; empty when unknown.
        public var controllerName: String

        /// Makes an owner.
        public init(
            namespace: String = "", name: String = "", uid: String, controllerKind: String = "",
            controllerName: String = ""
        ) {
            self.namespace = namespace
            self.name = name
            self.uid = uid
            self.controllerKind = controllerKind
            self.controllerName = controllerName
        }

        /// `namespace/name`, the name alone, or the UID of a workload that nobody named.
        public var text: String {
            if name.isEmpty { return uid }
            return namespace.isEmpty ? name : "\(namespace)/\(name)"
        }
    }

    /// What an ADD is recognised by when it is repeated: the same identity gets the same address.
    public struct Identity: Sendable, Hashable {
        /// Pod UID or container ID.
        public var uid: String
        /// Interface name inside the container.
        public var interface: String

        /// Makes an identity.
        public init(uid: String, interface: String) {
            self.uid = uid
            self.interface = interface
        }
    }

    /// What a DEL is recognised by: it frees what this attachment owns and nothing else.
    public struct Attachment: Sendable, Hashable {
        /// `CNI_CONTAINERID`.
        public var containerID: String
        /// `CNI_IFNAME`.
        public var interface: String

        /// Makes an attachment.
        public init(containerID: String, interface: String) {
            self.containerID = containerID
            self.interface = interface
        }
    }

    /// Why the address is occupied.
    public enum State: UInt8, Sendable, Hashable, CaseIterable {
        /// A running workload uses it.
        case allocated = 1
        /// Kept for a stable identity that is not running.
        case retained = 2
    }

    /// The address.
    public var address: IPAddress
    /// The pool that it was taken from.
    public var pool: String
    /// Who holds it; shared by all copies of the claim, so that copying one costs little.
    package internal(set) var holder: Holder
    /// Why the address is occupied.
    public var state: State
    /// Whether the address is kept for its identity when its container ends.
    public var isFixed: Bool
    /// Rises with every change of owner; within one block no two changes share a number.
    public var sequence: UInt64
    /// When the present owner got it.
    public var since: Timestamp

    /// Makes a claim; ``Block`` sets the sequence number when it takes it.
    public init(
        address: IPAddress, pool: String, owner: Owner, interface: String, containerID: String,
        network: String = "", node: String = "", bootID: String = "", state: State = .allocated, isFixed: Bool = false,
        sequence: UInt64 = 0, since: Timestamp
    ) {
        self.init(
            address: address, pool: pool,
            holder: Holder(
                owner: owner, interface: interface, containerID: containerID, network: network, node: node,
                bootID: bootID), state: state, isFixed: isFixed, sequence: sequence, since: since)
    }

    /// Makes a claim of a holder that others share.
    package init(
        address: IPAddress, pool: String, holder: Holder, state: State = .allocated, isFixed: Bool,
        sequence: UInt64 = 0, since: Timestamp
    ) {
        self.address = address
        self.pool = pool
        self.holder = holder
        self.state = state
        self.isFixed = isFixed
        self.sequence = sequence
        self.since = since
    }

    /// Whether the container ended with an earlier start of the host, and the claim with it.
    ///
    /// - Parameter bootID: Boot ID of the running host; empty when it is not known, and nothing is void then.
    /// - Returns: whether the claim is void. One that is kept for its identity never is.
    public func isVoid(on bootID: String) -> Bool {
        state == .allocated && !self.bootID.isEmpty && !bootID.isEmpty && self.bootID != bootID
    }
}

extension Claim.State: CustomStringConvertible {
    /// `allocated` or `retained`.
    public var description: String { self == .allocated ? "allocated" : "retained" }
}
