public import IPAMCore
internal import JSONTree

/// One container's interface in a network.
public struct CNIAttachment: Sendable, Hashable {
    /// The container.
    public let containerID: ContainerID

    /// The interface within it.
    public let interfaceName: InterfaceName

    /// Makes an attachment.
    public init(containerID: ContainerID, interfaceName: InterfaceName) {
        self.containerID = containerID
        self.interfaceName = interfaceName
    }

    /// Reads an entry of the list of valid attachments.
    init(_ reader: JSONFieldReader) throws(JSONFieldError) {
        let idRule = "a container ID (it \(NameRule.words))"
        let nameRule = "an interface name (it \(InterfaceName.rule))"
        let id = try reader.parsed(at: "containerID", expected: idRule) { ContainerID($0) }
        let name = try reader.parsed(at: "ifname", expected: nameRule) { InterfaceName($0) }
        containerID = try reader.required("containerID", id, expected: idRule)
        interfaceName = try reader.required("ifname", name, expected: nameRule)
    }
}
