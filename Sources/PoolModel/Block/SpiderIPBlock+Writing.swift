internal import IPAMCore
public import JSONTree

extension SpiderIPBlock {
    static let fieldNames = ["cidr", "sequence", "write", "node", "claims", "rests"]

    /// The manifest; ``init(tree:)`` reads the same object from it.
    public var tree: JSONValue {
        var object = treeHead
        object["spec"] = spec
        return .object(object)
    }

    /// The member `spec` of the manifest.
    public var spec: JSONValue {
        var spec: JSONObject = [
            "cidr": .string(block.key.description), "sequence": .number(JSONNumber(block.sequence)),
        ]
        if let write { spec["write"] = .string(Self.text(ofWrite: write)) }
        // In the cluster nearly all claims of a block are of one node, which then stands there once.
        let node = write == nil ? "" : block.claims.first?.node ?? ""
        if !node.isEmpty { spec["node"] = .string(node) }
        if !block.claims.isEmpty { spec["claims"] = .array(block.claims.map { $0.blockTree(unlessOn: node) }) }
        if !block.rests.isEmpty { spec["rests"] = .array(block.rests.map(\.blockTree)) }
        return .object(spec)
    }
}

extension Claim {
    static let blockFieldNames = [
        "ip", "pool", "ns", "name", "uid", "owner", "nic", "container", "network", "node", "boot", "state", "fixed",
        "seq",
        "since",
    ]

    fileprivate func blockTree(unlessOn common: String) -> JSONValue {
        let hasController = !owner.controllerKind.isEmpty || !owner.controllerName.isEmpty
        let texts: [(String, String)] = [
            ("ip", address.description), ("pool", pool), ("ns", owner.namespace), ("name", owner.name),
            ("uid", owner.uid), ("owner", hasController ? "\(owner.controllerKind)/\(owner.controllerName)" : ""),
            ("nic", interface == PoolInstructions.primaryInterface ? "" : interface), ("container", containerID),
            ("network", network), ("node", node == common ? "" : node), ("boot", bootID),
            ("state", state == .allocated ? "" : "\(state)"),
        ]
        var object = JSONObject(texts.filter { !$0.1.isEmpty }.map { ($0.0, JSONValue.string($0.1)) })
        // One without a node must not get the common one.
        if node.isEmpty, !common.isEmpty { object["node"] = "" }
        if isFixed { object["fixed"] = .bool(true) }
        object["seq"] = .number(JSONNumber(sequence))
        object["since"] = .string(since.preciseDescription)
        return .object(object)
    }
}

extension Rest {
    static let blockFieldNames = ["ip", "reason", "since", "until", "mac"]

    fileprivate var blockTree: JSONValue {
        var object: JSONObject = [
            "ip": .string(address.description), "reason": .string("\(reason)"),
            "since": .string(since.preciseDescription), "until": .string(until.preciseDescription),
        ]
        if let holder { object["mac"] = .string(holder.description) }
        return .object(object)
    }
}
