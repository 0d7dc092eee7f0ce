public import IPAMCore

/// Which interface of which container is coordinated.
public struct CoordinationSubject: Sendable, Hashable {
    /// The runtime's name for the container.
    public let containerID: String
    /// The interface.
    public let interface: InterfaceName
    /// The name of the network that the interface is in.
    public let network: String

    /// Names an interface.
    ///
    /// - Parameters:
    ///   - containerID: The runtime's name for the container.
    ///   - interface: The interface.
    ///   - network: The name of its network.
    public init(containerID: String, interface: InterfaceName, network: String) {
        self.containerID = containerID
        self.interface = interface
        self.network = network
    }

    /// The name of the node's end of the auxiliary pair: `veth` and the first eleven bytes of the container ID.
    ///
    /// - Throws: ``CoordinationError`` when that is no name for a link, which no checked container ID leads to.
    var nodeLinkName: InterfaceName {
        get throws(CoordinationError) {
            let text = Self.nodeLinkName(containerID)
            guard let name = InterfaceName(text) else {
                throw CoordinationError(.settings, "the container ID leads to no name for a link", detail: text)
            }
            return name
        }
    }

    /// The same for any text.
    static func nodeLinkName(_ containerID: String) -> String {
        "veth" + String(decoding: containerID.utf8.prefix(11), as: UTF8.self)
    }
}
