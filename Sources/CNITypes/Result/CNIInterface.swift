public import IPAMCore
public import JSONTree

/// An interface of a result.
public struct CNIInterface: Sendable, Equatable {
    /// Its name.
    public var name: String

    /// Its hardware address as text: six bytes for Ethernet, twenty for InfiniBand; `nil` when not told.
    public var mac: String?

    /// Path of the network namespace that it is in; `nil` on the host.
    public var sandbox: String?

    /// Its MTU in bytes (since 1.1.0).
    public var mtuBytes: UInt32?

    /// Path of the socket of a vhost-user interface (since 1.1.0).
    public var socketPath: String?

    /// PCI address of the device behind it (since 1.1.0).
    public var pciID: String?

    /// Members that the protocol does not define.
    public var extensions: JSONObject

    /// Makes an interface.
    public init(
        name: String, mac: String? = nil, sandbox: String? = nil, mtuBytes: UInt32? = nil, socketPath: String? = nil,
        pciID: String? = nil, extensions: JSONObject = [:]
    ) {
        self.name = name
        self.mac = mac
        self.sandbox = sandbox
        self.mtuBytes = mtuBytes
        self.socketPath = socketPath
        self.pciID = pciID
        self.extensions = extensions
    }

    /// The hardware address when it is one of Ethernet.
    public var macAddress: MACAddress? { mac.flatMap { MACAddress($0) } }
}

extension CNIInterface {
    init(_ reader: JSONFieldReader, _ version: CNIVersion) throws(JSONFieldError) {
        var known = ["name", "mac", "sandbox"]
        self.init(
            name: try reader.text(at: "name") ?? "", mac: try reader.text(at: "mac"),
            sandbox: try reader.text(at: "sandbox"))
        if version.hasExtendedMembers {
            known += ["mtu", "socketPath", "pciID"]
            mtuBytes = try reader.unsigned(at: "mtu")
            socketPath = try reader.text(at: "socketPath")
            pciID = try reader.text(at: "pciID")
        }
        extensions = reader.extensions(except: known)
    }

    func json(_ version: CNIVersion) -> JSONValue {
        var object: JSONObject = ["name": .string(name)]
        object.setText("mac", mac)
        if version.hasExtendedMembers {
            object.setNumber("mtu", mtuBytes)
            object.setText("socketPath", socketPath)
            object.setText("pciID", pciID)
        }
        object.setText("sandbox", sandbox)
        return .object(object.adding(extensions))
    }
}
