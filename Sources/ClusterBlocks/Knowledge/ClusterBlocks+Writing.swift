internal import IPAMCore
internal import IPAMEngine

/// One block on its way into the API server.
struct WriteAttempt: Sendable {
    enum State: Sendable {
        case sending
        /// Refused; what is there will say why.
        case reading(String)
        case written
        case conflict
    }

    /// The version that was read; 0 for a block that does not exist.
    let version: UInt64
    let object: BlockObject
    var state = State.sending
    /// How often it was refused although nothing had changed.
    var refusals = 0

    var key: BlockKey { object.block.key }
}

extension ClusterBlocks {
    /// How often a write may be refused although nothing has changed: a third time it is the content.
    private static let maximumRefusals = 3

    mutating func beginWriting(_ blocks: [StoredBlock]) {
        attempts = blocks.map { stored in
            var write = random.next()
            while write == 0 || write == KnownBlock.sealedVersion { write = random.next() }
            let object: BlockObject
            if stored.version != 0, let known = known[stored.block.key] {
                object = known.object(stored.block, write: write)
            } else {
                object = BlockObject(stored.block, write: write, node: label)
            }
            var attempt = WriteAttempt(version: stored.version, object: object)
            if stored.version == KnownBlock.sealedVersion { attempt.state = .conflict }
            return attempt
        }
    }

    /// The same call again until the server has said yes or no: once it has, none that is still on its way counts.
    func continueWriting() -> ClusterStep {
        let calls = attempts.compactMap { attempt -> BlockCall? in
            switch attempt.state {
            case .sending where attempt.version == 0: .create(attempt.object)
            case .sending: .update(attempt.object, ifWrite: attempt.version)
            case .reading: .read(attempt.key)
            case .written, .conflict: nil
            }
        }
        guard calls.isEmpty else { return .calls(calls) }
        let isWritten = attempts.allSatisfy { if case .written = $0.state { true } else { false } }
        return .answer(isWritten ? .written : .conflict)
    }

    func attempt(on key: BlockKey) -> Int? { attempts.firstIndex { $0.key == key } }

    /// What the server said to a write.
    mutating func absorbWrite(_ result: BlockCallResult, of key: BlockKey) {
        guard let index = attempt(on: key) else { return }
        switch result {
        case .written(let uid, let version):
            var object = attempts[index].object
            (object.uid, object.resourceVersion) = (uid, version)
            attempts[index].state = .written
            learn(object)
            fresh.insert(key)
        case .conflict(let words):
            attempts[index].state = .reading(words)
        default:
            break
        }
    }

    /// What is there after a write was refused.
    mutating func absorbReading(_ object: BlockObject?, of key: BlockKey) {
        guard let index = attempt(on: key), case .reading(let words) = attempts[index].state else { return }
        let present = object?.write ?? 0
        if present == attempts[index].object.write {
            // An earlier call was lost on the way back only.
            attempts[index].state = .written
        } else if present != attempts[index].version {
            attempts[index].state = .conflict
        } else {
            attempts[index].refusals += 1
            attempts[index].state = .sending
            if attempts[index].refusals >= Self.maximumRefusals {
                refusal = "\(attempts[index].object.name): \(words)"
            }
        }
    }
}
