public import IPAMCore
internal import SystemPackage

/// What can be set on a link of any kind; `nil` leaves it as it is.
public struct LinkSettings: Sendable, Hashable {
    /// Which link to be in.
    public enum Master: Sendable, Hashable {
        /// In none.
        case none
        /// In a bridge, bond or vrf. A member of a bond has to be switched off before.
        case link(LinkIndex)
    }

    /// Switched on or off.
    public var isUp: Bool?
    /// The longest packet in bytes.
    public var mtuBytes: UInt32?
    /// The hardware address.
    public var address: MACAddress?
    /// How many packets may wait to be sent.
    public var transmitQueueLength: UInt32?
    /// A text for people, at most 255 bytes; empty for none.
    public var alias: String?
    /// The link above.
    public var master: Master?
    /// The namespace to be in.
    public var namespace: NamespaceReference?

    /// Settings that change nothing but what is given.
    ///
    /// - Parameters:
    ///   - isUp: Switched on or off.
    ///   - mtuBytes: The longest packet in bytes.
    ///   - address: The hardware address.
    ///   - transmitQueueLength: How many packets may wait.
    ///   - alias: A text for people.
    ///   - master: The link above.
    ///   - namespace: The namespace to be in.
    public init(
        isUp: Bool? = nil, mtuBytes: UInt32? = nil, address: MACAddress? = nil, transmitQueueLength: UInt32? = nil,
        alias: String? = nil, master: Master? = nil, namespace: NamespaceReference? = nil
    ) {
        self.isUp = isUp
        self.mtuBytes = mtuBytes
        self.address = address
        self.transmitQueueLength = transmitQueueLength
        self.alias = alias
        self.master = master
        self.namespace = namespace
    }
}

extension LinkSettings {
    /// Writes the family header and the attributes.
    func write(to writer: inout MessageWriter, index: LinkIndex? = nil) {
        writer.linkHeader(
            index: index?.rawValue ?? 0, flags: isUp == true ? .up : [], change: isUp == nil ? [] : .up)
        if let mtuBytes { writer.attribute(IFLA.mtu, mtuBytes) }
        if let address { writer.attribute(IFLA.address, address) }
        if let transmitQueueLength { writer.attribute(IFLA.transmitQueueLength, transmitQueueLength) }
        if let alias { writer.attribute(IFLA.alias, alias) }
        switch master {
        case nil: break
        case .some(.none): writer.attribute(IFLA.master, UInt32(0))
        case .link(let link): writer.attribute(IFLA.master, link)
        }
        switch namespace {
        case nil: break
        case .descriptor(let descriptor): writer.attribute(IFLA.namespaceDescriptor, descriptor.rawValue)
        case .process(let process): writer.attribute(IFLA.namespaceProcess, process)
        }
    }
}
