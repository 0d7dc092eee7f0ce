internal import SystemPackage

extension RouteSocket {
    /// The number by which the namespace of this socket knows another one, as in ``Link/parentNamespace``:
    /// `ip netns list-id`.
    ///
    /// - Parameter namespace: The other namespace.
    /// - Returns: The number; `nil` when it has none here.
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/notFound`` when the process has ended.
    public mutating func namespaceID(of namespace: NamespaceReference) throws(NetlinkError) -> Int32? {
        let request = MessageWriter(.getNamespaceID, []) { writer in
            writer.append(UInt32(0))  // struct rtgenmsg
            writer.attribute(namespace)
        }
        let number = try socket.get("number of a namespace", request, reply: .newNamespaceID) { payload in
            payload.attribute(1, from: 4, as: Int32.self)  // NETNSA_NSID
        }
        return number < 0 ? nil : number
    }

    /// Gives another namespace a number in the namespace of this socket, for good: `ip netns set NAME ID`.
    ///
    /// The kernel gives numbers by itself when it tells of a link whose other end is elsewhere.
    ///
    /// - Parameters:
    ///   - namespace: The other namespace.
    ///   - number: The number, not negative; the kernel chooses one when it is `nil`.
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/exists`` when the namespace has a number already.
    public mutating func setNamespaceID(
        of namespace: NamespaceReference, to number: Int32? = nil
    ) throws(NetlinkError) {
        try perform { batch in
            batch.append("number a namespace", .newNamespaceID) { writer in
                writer.append(UInt32(0))  // struct rtgenmsg
                writer.attribute(1, number ?? -1)  // NETNSA_NSID
                writer.attribute(namespace)
            }
        }
    }
}

extension MessageWriter {
    fileprivate mutating func attribute(_ namespace: NamespaceReference) {
        switch namespace {
        case .process(let process): attribute(2, process)  // NETNSA_PID
        case .descriptor(let descriptor): attribute(3, descriptor.rawValue)  // NETNSA_FD
        }
    }
}
