public import IPAMCore
public import JSONTree
public import PoolModel

/// A block as an object of the API server, as far as an agent needs it.
public struct BlockObject: Sendable, Hashable {
    /// The content.
    public var block: Block
    /// Names this state among all that the block ever had; never 0.
    public var write: UInt64
    /// The label with the node that works in the block.
    public var node: String
    /// The identity of the object; empty while it does not exist.
    public var uid: String
    /// The version of the object; 0 while it does not exist.
    public var resourceVersion: UInt64
    /// Whether the object has labels at all; a patch cannot add one where there are none.
    var hasLabels = true
    /// Whether the object has annotations at all.
    var hasAnnotations = true

    /// Makes an object.
    public init(_ block: Block, write: UInt64, node: String, uid: String = "", resourceVersion: UInt64 = 0) {
        self.block = block
        self.write = write
        self.node = node
        self.uid = uid
        self.resourceVersion = resourceVersion
    }

    /// The object's name.
    public var name: String { SpiderIPBlock.name(of: block.key) }

    /// Reads an object.
    ///
    /// - Throws: `InvalidResource` with every mistake: those of `SpiderIPBlock`, and when there is no `spec.write` or no
    ///   `metadata.resourceVersion` that is a number.
    public init(tree: JSONValue) throws(InvalidResource) {
        let object = try SpiderIPBlock(tree: tree)
        var errors: [FieldError] = []
        let version = object.metadata.resourceVersion.flatMap { UInt64($0) }
        if version == nil {
            errors.append(
                FieldError(
                    .invalid, at: JSONFieldPath.root.appending("metadata").appending("resourceVersion"),
                    value: object.metadata.resourceVersion, "a number is needed here"))
        }
        if object.write == nil {
            errors.append(
                FieldError(
                    .required, at: JSONFieldPath.root.appending("spec").appending("write"),
                    "no write of the object can be told from others; write 16 random hexadecimal digits"))
        }
        guard let version, let write = object.write else {
            throw InvalidResource(kind: SpiderIPBlock.kind.name, name: object.name, errors: errors)
        }
        let metadata = object.metadata
        self.init(
            object.block, write: write, node: metadata.labels[BlockLabels.nodeKey] ?? "", uid: metadata.uid ?? "",
            resourceVersion: version)
        (hasLabels, hasAnnotations) = (!metadata.labels.isEmpty, !metadata.annotations.isEmpty)
    }

    /// The manifest with which the object is created.
    public var tree: JSONValue {
        var object = SpiderIPBlock(block)
        object.write = write
        object.metadata.labels = labels
        object.metadata.annotations = annotations
        return object.tree
    }

    /// The labels that go with the content.
    public var labels: [String: String] {
        [BlockLabels.nodeKey: node, BlockLabels.areaKey: BlockArea(containing: block.key).label]
    }

    /// The annotations that go with the content.
    public var annotations: [String: String] { [BlockLabels.slotsKey: BlockLabels.slots(of: block)] }

    /// The JSON patch (RFC 6902) that makes this of an object, as long as that is still the one that was read.
    ///
    /// - Parameter write: The ``write`` of the object that was read.
    /// - Returns: the operations; the first one tests, so that nothing happens when somebody else has written.
    public func patch(ifWrite write: UInt64) -> JSONValue {
        var object = SpiderIPBlock(block)
        object.write = self.write
        var operations: [JSONValue] = [
            Self.operation("test", "/spec/write", .string(SpiderIPBlock.text(ofWrite: write))),
            Self.operation("replace", "/spec", object.spec),
        ]
        if hasAnnotations {
            let key = BlockLabels.slotsKey.split(separator: "/").joined(separator: "~1")
            operations.append(
                Self.operation("add", "/metadata/annotations/\(key)", .string(BlockLabels.slots(of: block))))
        } else {
            operations.append(Self.operation("add", "/metadata/annotations", Self.map(annotations)))
        }
        if !hasLabels { operations.append(Self.operation("add", "/metadata/labels", Self.map(labels))) }
        return .array(operations)
    }

    private static func map(_ values: [String: String]) -> JSONValue {
        .object(JSONObject(values.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
    }

    private static func operation(_ verb: String, _ path: String, _ value: JSONValue) -> JSONValue {
        ["op": .string(verb), "path": .string(path), "value": value]
    }
}
