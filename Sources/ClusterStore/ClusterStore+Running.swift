public import ClusterBlocks
public import IPAMCore
internal import IPAMEngine
internal import KubeClient
internal import Logging
internal import PoolModel

extension ClusterStore {
    /// Works until the task is cancelled: serves requests, watches the own blocks, gives empty ones back.
    public func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.serve() }
            group.addTask { await self.follow() }
            group.addTask { await self.giveBack() }
        }
    }

    /// Lists and watches the own blocks.
    private func follow() async {
        var pause = Duration.milliseconds(50)
        while !Task.isCancelled {
            do throws(KubeError) {
                let mark = blocks.mark
                let (objects, version) = try await client.list(blocks.label)
                take(objects, version, since: mark)
                pause = .milliseconds(50)
                await watch(from: version)
            } catch {
                note(error)
                try? await time.wait(for: error.retryAfter ?? pause)
                pause = min(pause * 2, .seconds(5))
            }
        }
    }

    private func take(_ objects: [RawObject], _ version: String, since mark: UInt64) {
        var readable: [BlockObject] = []
        var unreadable: [(BlockKey, InvalidResource)] = []
        for raw in objects {
            switch BlockClient.read(raw) {
            case .success(let object): readable.append(object)
            case .failure(let error):
                if let key = SpiderIPBlock.key(named: raw.metadata.name) { unreadable.append((key, error)) }
            }
        }
        blocks.relisted(readable, unreadable: unreadable, resourceVersion: UInt64(version) ?? 0, since: mark)
        listed.raise()
    }

    /// Watches until the watch is cut, a list is wanted, or it is time for one.
    private func watch(from version: String) async {
        let (client, label, period) = (client, blocks.label, settings.relistPeriod)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do throws(KubeError) {
                    for try await event in client.watch(label, from: version) { await self.take(event) }
                } catch {
                    // The watch is ended from here when it is time to list again.
                    if ![.expired, .cancelled].contains(error.code) { await self.note(error) }
                }
            }
            group.addTask { try? await self.time.wait(for: period) }
            group.addTask { await self.listWanted.wait() }
            await group.next()
            group.cancelAll()
        }
    }

    private func take(_ event: WatchEvent<RawObject>) {
        switch event {
        case .added(let raw), .modified(let raw):
            switch BlockClient.read(raw) {
            case .success(let object):
                blocks.take(.changed(object))
            case .failure(let error):
                guard let (key, version) = Self.state(of: raw) else { return }
                logger.error("a block cannot be read", metadata: ["problem": "\(error)"])
                blocks.take(.unreadable(key, error, resourceVersion: version))
            }
        case .deleted(let raw):
            if let (key, version) = Self.state(of: raw) { blocks.take(.removed(key, resourceVersion: version)) }
        default:
            break
        }
    }

    private static func state(of raw: RawObject) -> (BlockKey, UInt64)? {
        guard let key = SpiderIPBlock.key(named: raw.metadata.name),
            let version = raw.metadata.resourceVersion.flatMap({ UInt64($0) })
        else { return nil }
        return (key, version)
    }

    /// Deletes own blocks that are empty for a while.
    private func giveBack() async {
        while !Task.isCancelled {
            try? await time.wait(for: settings.giveBackPeriod)
            guard blocks.isComplete, !queue.isBusy, !Task.isCancelled else { continue }
            let calls = blocks.blocksToGiveBack(now: time.timestamp)
            guard !calls.isEmpty else { continue }
            let (results, _) = await client.perform(calls, deadline: time.now + settings.callTimeout)
            for (call, result) in zip(calls, results) { blocks.gaveBack(call, result) }
        }
    }

    /// Puts back into the blocks what live sandboxes of this node use, as the agent's ledger says; changes nothing where
    /// the blocks are right.
    ///
    /// - Parameters:
    ///   - uses: What the ledger says.
    ///   - deadline: How long it may take.
    /// - Returns: the addresses that somebody else has by now.
    public func repair(_ uses: [LiveUse], deadline: MonotonicInstant) async -> [RepairConflict] {
        let keys = Set(uses.flatMap(\.keys)).sorted()
        var present: [Block] = []
        for (result, key) in zip(
            await client.perform(keys.map { .read($0) }, deadline: deadline).results, keys)
        {
            switch result {
            case .found(let object): present.append(object.block)
            case .absent: present.append(Block(key))
            default: break
            }
        }
        // Of what could not be read nothing is said; the next repair sees it.
        let readable = Set(present.map(\.key))
        let repair = Repair(uses.filter { $0.keys.allSatisfy(readable.contains) }, in: present, now: time.timestamp)
        for request in repair.requests {
            do throws(AllocationError) {
                _ = try await submit(
                    .claim(ClaimProcess(request)), hints: request.demands.compactMap(\.wanted), deadline: deadline)
            } catch {
                logger.error("an address in use could not be put back", metadata: ["problem": "\(error)"])
            }
        }
        return repair.conflicts
    }
}
