public import IPAMCore
internal import IPAMEngine
public import PoolModel

/// What an agent hears: from its watch, and from its calls.
extension ClusterBlocks {
    /// Takes an event of the watch of the own blocks, which may be older than what is known.
    public mutating func take(_ event: BlockEvent) {
        switch event {
        case .changed(let object):
            learn(object)
        case .removed(let key, let version):
            highestVersion = max(highestVersion, version)
            guard let block = known[key], block.resourceVersion < version else { return }
            forget(key)
        case .unreadable(let key, let problem, let version):
            learnUnreadable(key, problem, version)
        }
    }

    /// Takes a list of the own blocks as they are now, which was read without a `resourceVersion`.
    ///
    /// It is needed at the start, whenever the watch is cut, and after ``ClusterStep/wait``.
    ///
    /// - Parameters:
    ///   - objects: The objects of the list.
    ///   - unreadable: Those that make no sense.
    ///   - version: The version of the list.
    ///   - mark: What ``mark`` was before the list was asked for.
    public mutating func relisted(
        _ objects: [BlockObject], unreadable: [(BlockKey, InvalidResource)] = [], resourceVersion version: UInt64,
        since mark: UInt64
    ) {
        let listed = Set(objects.map(\.block.key) + unreadable.map(\.0))
        if version < mark || contradicts(objects, listed, version) { restored() }
        for block in known.all where block.node == label && block.resourceVersion <= version {
            if !listed.contains(block.key) { forget(block.key) }
        }
        highestVersion = max(highestVersion, version)
        for object in objects { learn(object) }
        for (key, problem) in unreadable { learnUnreadable(key, problem, version) }
        isComplete = true
    }

    /// Whether a list of the present shows an earlier state of something than what is known.
    private func contradicts(_ objects: [BlockObject], _ listed: Set<BlockKey>, _ version: UInt64) -> Bool {
        func isEarlier(_ block: KnownBlock) -> Bool { block.resourceVersion <= version }
        // Nobody deletes a block in which somebody has something.
        let isLost = known.all.contains { block in
            block.node == label && isEarlier(block) && block.stored.version != KnownBlock.sealedVersion
                && !listed.contains(block.key) && block.stored.block.occupied != 0
        }
        return isLost
            || objects.contains { object in
                known[object.block.key].map { isEarlier($0) && object.resourceVersion < $0.resourceVersion } ?? false
            }
    }

    /// Names what was seen so far: pass it on with a list that is asked for now.
    public var mark: UInt64 { highestVersion }

    /// Takes an object for what it is, unless something newer is known.
    mutating func learn(_ object: BlockObject) {
        highestVersion = max(highestVersion, object.resourceVersion)
        let key = object.block.key
        guard (known[key]?.resourceVersion ?? 0) < object.resourceVersion else { return }
        problems[object.name] = nil
        known.put(KnownBlock(object))
        surveys[BlockArea(containing: key)]?.note(BlockSummary(object.block, resourceVersion: object.resourceVersion))
    }

    mutating func learnUnreadable(_ key: BlockKey, _ problem: InvalidResource, _ version: UInt64) {
        guard (known[key]?.resourceVersion ?? 0) <= version else { return }
        let name = SpiderIPBlock.name(of: key)
        problems[name] = problem
        let block = KnownBlock(unreadable: key, node: label, resourceVersion: version, name: name)
        known.put(block)
        surveys[BlockArea(containing: key)]?.note(BlockSummary(block.stored.block, resourceVersion: version))
    }

    mutating func forget(_ key: BlockKey) {
        problems[SpiderIPBlock.name(of: key)] = nil
        known.remove(key)
        fresh.remove(key)
        surveys[BlockArea(containing: key)]?.noteAbsence(of: key)
    }

    /// The API server has gone back to an earlier state: nothing that is known can be trusted.
    mutating func restored() {
        restorations += 1
        // What the node has in blocks of others is in none of its lists.
        for block in known.all where block.node != label { unread.insert(block.key) }
        known = KnownBlocks()
        surveys = [:]
        fresh = []
        problems = [:]
        highestVersion = 0
        isComplete = false
    }

    /// Takes what came of a call.
    ///
    /// - Parameters:
    ///   - result: What came of it.
    ///   - call: The call.
    ///   - version: The highest version that was known, of the object or of anything, when the call began.
    mutating func absorb(_ result: BlockCallResult, of call: BlockCall, since version: UInt64) {
        switch (call, result) {
        case (_, .unknown): break
        case (.create(let object), _), (.update(let object, _), _): absorbWrite(result, of: object.block.key)
        case (.read(let key), .found(let object)) where object.block.key == key:
            // A read is never older than what was seen before it began.
            guard object.resourceVersion >= version else { return restored() }
            learn(object)
            fresh.insert(key)
            absorbReading(object, of: key)
        case (.read(let key), .absent):
            forget(key)
            fresh.insert(key)
            absorbReading(nil, of: key)
        case (.read(let key), .unreadable(let problem)):
            learnUnreadable(key, problem, max(known[key]?.resourceVersion ?? 0, highestVersion))
            fresh.insert(key)
            if let index = attempt(on: key) { attempts[index].state = .conflict }
        case (.survey(let area, let isConsistent), .summaries(let summaries, let listVersion)):
            if isConsistent, listVersion < version { return restored() }
            absorbSurvey(area, summaries, listVersion, isConsistent)
        default: break
        }
    }

    private mutating func absorbSurvey(
        _ area: BlockArea, _ summaries: [BlockSummary], _ version: UInt64, _ isConsistent: Bool
    ) {
        var survey = AreaSurvey(
            area, summaries, resourceVersion: version, begin: callsBegin, isConsistent: isConsistent)
        highestVersion = max(highestVersion, version)
        known.forEach { block in
            guard BlockArea(containing: block.key) == area else { return }
            // A cached list may be from before it was made.
            survey.note(BlockSummary(block.stored.block, resourceVersion: block.resourceVersion))
        }
        surveys[area] = survey
    }
}
