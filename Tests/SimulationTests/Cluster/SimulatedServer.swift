import ClusterBlocks
import IPAMCore
import IPAMEngine

/// An API server with the objects of some blocks: versions of objects rise, and go back when a backup is restored.
struct SimulatedServer {
    struct Change {
        let key: BlockKey
        let old: BlockObject?
        let new: BlockObject?
        let version: UInt64
    }

    private(set) var objects: [BlockKey: BlockObject] = [:]
    private(set) var version: UInt64 = 1
    /// What happened lately, for watches and for lists from the past.
    private(set) var changes: [Change] = []
    /// Rises when a watch cannot go on where it was.
    private(set) var restores = 0
    private var uids = 0
    private var backup: (objects: [BlockKey: BlockObject], version: UInt64) = ([:], 1)
    /// Whether somebody broke the rules that a flaw takes away.
    var ignoresTokens = false
    var deletesBlindly = false
    private(set) var writes = 0
    private(set) var reads = 0
    private(set) var surveys = 0

    var blocks: [StoredBlock] {
        objects.values.map { StoredBlock($0.block, version: $0.write) }.sorted { $0.block.key < $1.block.key }
    }

    var claims: [Claim] { blocks.flatMap(\.block.claims) }

    func claim(on address: IPAddress) -> Claim? { objects[BlockKey(containing: address)]?.block.claim(on: address) }

    /// What a call would do now.
    mutating func perform(_ call: BlockCall, lag: Int = 0) -> BlockCallResult {
        switch call {
        case .read(let key):
            reads += 1
            return objects[key].map { .found($0) } ?? .absent
        case .survey(let area, let isConsistent):
            surveys += 1
            let (view, version) = isConsistent ? (objects, version) : past(lag)
            let found = view.values.filter { BlockArea(containing: $0.block.key) == area }
            return .summaries(found.compactMap(\.listed), resourceVersion: version)
        case .create(let object):
            guard objects[object.block.key] == nil else { return .conflict("already exists") }
            uids += 1
            var object = object
            object.uid = "uid-\(uids)"
            return put(object)
        case .update(let object, let write):
            guard let present = objects[object.block.key], present.write == write || ignoresTokens else {
                return .conflict("test failed")
            }
            var object = object
            object.uid = present.uid
            object.node = present.node
            return put(object)
        case .delete(let key, let uid, let version):
            guard let present = objects[key] else { return .deleted }
            guard deletesBlindly || (present.uid == uid && present.resourceVersion == version) else {
                return .conflict("the object has been modified")
            }
            self.version += 1
            writes += 1
            objects[key] = nil
            note(Change(key: key, old: present, new: nil, version: self.version))
            return .deleted
        }
    }

    private mutating func put(_ object: BlockObject) -> BlockCallResult {
        version += 1
        writes += 1
        var object = object
        object.resourceVersion = version
        note(Change(key: object.block.key, old: objects[object.block.key], new: object, version: version))
        objects[object.block.key] = object
        return .written(uid: object.uid, resourceVersion: version)
    }

    private mutating func note(_ change: Change) {
        changes.append(change)
        if changes.count > 4096 { changes.removeFirst(2048) }
    }

    /// The objects before the last few changes.
    private func past(_ lag: Int) -> (objects: [BlockKey: BlockObject], version: UInt64) {
        var view = objects
        for change in changes.suffix(lag).reversed() { view[change.key] = change.old }
        return (view, changes.suffix(lag).first.map { $0.version - 1 } ?? version)
    }

    func objects(of label: String) -> [BlockObject] {
        objects.values.filter { $0.node == label }.sorted { $0.block.key < $1.block.key }
    }

    /// The first event for a node after a version.
    func event(for label: String, after version: UInt64) -> (event: BlockEvent, version: UInt64)? {
        let first = changes.firstIndex { $0.version > version } ?? changes.count
        for change in changes[first...] {
            if let new = change.new, new.node == label { return (.changed(new), change.version) }
            if change.new == nil, change.old?.node == label {
                return (.removed(change.key, resourceVersion: change.version), change.version)
            }
        }
        return nil
    }

    mutating func makeBackup() { backup = (objects, version) }

    mutating func restore() {
        restores += 1
        (objects, version) = backup
        changes = []
    }
}

extension BlockObject {
    /// What a list of metadata says of it.
    fileprivate var listed: BlockSummary? {
        BlockSummary(name: name, annotations: annotations, resourceVersion: String(resourceVersion))
    }
}
