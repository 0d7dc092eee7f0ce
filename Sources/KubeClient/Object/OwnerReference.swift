public import JSONTree

/// A reference to the object that another one belongs to.
public struct OwnerReference: Sendable, Hashable {
    /// Group and version of the owner, such as `apps/v1`.
    public var apiVersion: String
    /// The owner's kind.
    public var kind: String
    /// The owner's name; it is in the same namespace or in none.
    public var name: String
    /// The owner's UID.
    public var uid: String
    /// Whether the owner is the one that manages the object.
    public var isController: Bool
    /// Whether the owner is kept, when deleted in the foreground, until this object is gone.
    public var blocksOwnerDeletion: Bool

    /// Makes a reference.
    public init(
        apiVersion: String, kind: String, name: String, uid: String, isController: Bool = false,
        blocksOwnerDeletion: Bool = false
    ) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.name = name
        self.uid = uid
        self.isController = isController
        self.blocksOwnerDeletion = blocksOwnerDeletion
    }

    init(_ reader: JSONFieldReader) throws(JSONFieldError) {
        apiVersion = try reader.required("apiVersion", reader.string(at: "apiVersion"), expected: "a string")
        kind = try reader.required("kind", reader.string(at: "kind"), expected: "a string")
        name = try reader.required("name", reader.string(at: "name"), expected: "a string")
        uid = try reader.required("uid", reader.string(at: "uid"), expected: "a string")
        isController = try reader.bool(at: "controller") ?? false
        blocksOwnerDeletion = try reader.bool(at: "blockOwnerDeletion") ?? false
    }

    /// The reference as it is written.
    public var json: JSONValue {
        var object: JSONObject = [
            "apiVersion": .string(apiVersion), "kind": .string(kind), "name": .string(name), "uid": .string(uid),
        ]
        if isController { object.set("controller", true) }
        if blocksOwnerDeletion { object.set("blockOwnerDeletion", true) }
        return .object(object)
    }
}
