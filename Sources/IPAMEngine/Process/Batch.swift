internal import IPAMCore

/// Decisions that are taken one after the other on one draft and written together.
///
/// Each sees what those before it picked. One that is refused leaves nothing behind in the draft. After a conflict only
/// those are taken again that changed a block which somebody else has changed, or found something of their own in it, or
/// share a block with such a one. Where a store wrote some of the blocks before it met the conflict, those whose changes
/// are all written are done; the others find what is written, and one of them that is refused then gives it back.
struct Batch: Sendable {
    typealias Outcome = [Result<BatchOutcome, AllocationError>]

    struct Seat: Sendable {
        let member: BatchMember
        var attempts: Int32 = 0
        var isDecided = false
        var isWithdrawn = false
        /// Whether all that it changed is written already, though the write of others met a conflict.
        var isWritten = false
        /// What it picked and may have been written, though the write as a whole met a conflict: it must not keep that
        /// when it is refused.
        var pieces: [Claim] = []
        /// What it ended by such a write.
        var ended: [Claim] = []
    }

    /// A block in which a member owns something.
    struct Found: Sendable {
        let member: Int
        let key: BlockKey
    }

    private struct Withdrawal: Sendable {
        let member: Int
        let error: AllocationError
    }

    private enum Asked: Sendable {
        case nothing
        /// What those who wait own.
        case owners
        /// What the present member wants to know.
        case blocks
        case usage([PoolCandidate], now: Timestamp)
        case write
        /// The blocks that could not be written, to see which of them have changed.
        case second([BlockKey])
    }

    private(set) var seats: [Seat]
    private var results: Outcome
    private var withdrawals: [Withdrawal] = []
    var draft = BlockDraft()
    /// Who has to decide yet, the next one last.
    private(set) var waiting: [Int] = []
    /// Who is deciding.
    private(set) var present: Int?
    /// What the present member decides, if it claims.
    private var claiming: ClaimDecision?
    private var asked = Asked.nothing
    /// What those who wait own according to the store; that of the next one last.
    var found: [Found] = []
    /// Whose claims of the draft the store does not know.
    private var owners: OwnerTable

    init(_ members: [BatchMember]) {
        seats = members.map { Seat(member: $0) }
        results = Array(repeating: .failure(AllocationError(.contention)), count: members.count)
        owners = members.count > 1 ? OwnerTable(capacity: 2 * members.count) : OwnerTable()
    }

    mutating func begin() -> EngineStep<Outcome> {
        waiting.reserveCapacity(seats.count)
        for index in seats.indices.reversed() { enqueue(index) }
        return look()
    }

    mutating func resume(_ answer: StoreAnswer) -> EngineStep<Outcome> {
        switch (asked, answer) {
        case (.write, .written):
            return .done(results)
        case (.write, .conflict):
            // Also of one block: the answer to an earlier try may have been lost, and others may have written since.
            notePieces()
            let keys = draft.writes.map(\.block.key)
            guard seats.count > 1 || keys.count > 1 else { return startOver(keys) }
            asked = .second(keys)
            return .ask(.blocks(keys))
        case (.second(let keys), .blocks(let blocks)):
            let written = blocks.filter { draft.isAsPlanned($0) }
            settle(written)
            // An answer from the past shows no difference; then nobody's plan can be trusted.
            let changed = blocks.filter { $0.version != draft.version(of: $0.block.key) }.map(\.block.key)
            let left = keys.filter { key in !written.contains { $0.block.key == key } }
            return startOver(changed.isEmpty ? left : changed)
        case (.owners, .blocks(let blocks)):
            if let changed = adopt(blocks) { return startOver([changed]) }
            distribute(blocks)
            return advance()
        case (.blocks, .blocks(let blocks)):
            if let changed = adopt(blocks) { return startOver([changed]) }
            return hand(.blocks) ?? advance()
        case (.usage(let candidates, let now), .usage(let usage)):
            return hand(.usage(draft.corrected(usage, candidates, now))) ?? advance()
        default:
            preconditionFailure("the answer does not belong to the question")
        }
    }

    /// Leaves a member out; what it would have changed is not written unless that write is under way already.
    mutating func withdraw(_ index: Int, _ error: AllocationError) {
        guard seats.indices.contains(index) else { return }
        seats[index].isWithdrawn = true
        withdrawals.append(Withdrawal(member: index, error: error))
    }

    // MARK: One after the other

    private mutating func enqueue(_ index: Int) {
        // What is written already has to be given back, which others can hinder as often again.
        let isOwing = !seats[index].pieces.isEmpty && seats[index].attempts < 2 * ClaimProcess.maximumAttempts
        if isOwing || (!seats[index].isWithdrawn && !isExhausted(index)) {
            seats[index].attempts += 1
            seats[index].isDecided = false
            waiting.append(index)
        } else {
            refuse(index)
        }
    }

    private func isExhausted(_ index: Int) -> Bool { seats[index].attempts >= ClaimProcess.maximumAttempts }

    private mutating func refuse(_ index: Int, _ error: AllocationError) {
        results[index] = .failure(error)
        seats[index].isDecided = true
    }

    /// Refuses a member that was withdrawn, or has tried often enough.
    private mutating func refuse(_ index: Int) {
        refuse(index, withdrawals.last { $0.member == index }?.error ?? AllocationError(.contention))
    }

    /// Plans again whatever rests on these blocks, besides what the present member has begun.
    private mutating func startOver(_ keys: [BlockKey]) -> EngineStep<Outcome> {
        draft.takeBack()
        var concerned = draft.forget(keys)
        if let present { concerned.insert(present) }
        // Nobody has begun, and what those who wait were told was not of one moment.
        if case .owners = asked { concerned.formUnion(waiting) }
        // One that waits may have read, before it was sent back to wait, what is gone now.
        waiting.removeAll(where: concerned.contains)
        present = nil
        // Whoever came later and changed nothing may have found it so only because of a plan that is gone.
        if let first = concerned.min() {
            for index in seats.indices[(first + 1)...] where seats[index].isDecided {
                if !seats[index].isWritten, draft.keys(changedBy: index).isEmpty { concerned.insert(index) }
            }
        }
        for index in concerned { enqueue(index) }
        waiting.sort(by: >)
        return look()
    }

    /// Asks what those who wait own, all at once.
    private mutating func look() -> EngineStep<Outcome> {
        found = []
        var searches: [OwnerSearch] = []
        searches.reserveCapacity(waiting.count)
        for index in waiting.reversed() where !seats[index].isWithdrawn || !seats[index].pieces.isEmpty {
            if let search = seats[index].member.search { searches.append(search) }
        }
        guard !searches.isEmpty else { return advance() }
        asked = .owners
        return .ask(.owned(searches))
    }

    /// Takes over what a store answered.
    ///
    /// - Returns: a block that has changed between two answers; it might have room that the earlier one does not show.
    private mutating func adopt(_ blocks: [StoredBlock]) -> BlockKey? {
        for block in blocks where !draft.adopt(block) { return block.block.key }
        return nil
    }

    /// Lets members decide until the store has to be asked.
    private mutating func advance() -> EngineStep<Outcome> {
        while let index = waiting.popLast() {
            present = index
            if seats[index].isWithdrawn || seats[index].attempts > ClaimProcess.maximumAttempts {
                end(index)
            } else if let step = beginPresent(index) {
                return step
            }
        }
        let late = seats.indices.filter(isPlannedInVain).flatMap { draft.keys(changedBy: $0) }
        if !late.isEmpty { return startOver(late) }
        let writes = draft.writes
        asked = .write
        return writes.isEmpty ? .done(results) : .ask(.write(writes))
    }

    /// Whether a member was withdrawn after it had decided.
    private func isPlannedInVain(_ index: Int) -> Bool {
        guard seats[index].isWithdrawn, seats[index].isDecided, case .success = results[index] else { return false }
        return true
    }

    private mutating func beginPresent(_ index: Int) -> EngineStep<Outcome>? {
        switch seats[index].member {
        case .claim(let order):
            claiming = ClaimDecision(order, held: blocks(of: index, order.search, owners))
            do throws(AllocationError) {
                guard let step = try claiming?.begin(&draft) else { return nil }
                return follow(step, of: index)
            } catch {
                end(index, .failure(error))
            }
        case .release(let decision):
            let keys = blocks(of: index, decision.search, owners)
            end(index, .success(.released(seats[index].ended + decision.apply(in: keys, &draft))))
        case .change(let decision):
            guard draft.version(of: decision.key) != nil else { return ask(.blocks([decision.key]), of: index) }
            end(index, .success(.changed(decision.apply(&draft))))
        }
        return nil
    }

    private mutating func follow(_ step: EngineStep<BatchOutcome>, of index: Int) -> EngineStep<Outcome>? {
        switch step {
        case .ask(let question):
            return ask(question, of: index)
        case .done(let outcome):
            end(index, .success(outcome))
            return nil
        }
    }

    /// Asks what the present member wants to know, unless the draft knows; `nil` when the member has ended.
    private mutating func ask(_ question: StoreQuestion, of index: Int) -> EngineStep<Outcome>? {
        switch question {
        case .blocks(let keys) where keys.allSatisfy({ draft.version(of: $0) != nil }):
            return hand(.blocks)
        case .usage(let candidates, let now):
            asked = .usage(candidates, now: now)
        default:
            asked = .blocks
        }
        return .ask(question)
    }

    /// Goes on with the present member; `nil` when it has ended.
    private mutating func hand(_ finding: Finding) -> EngineStep<Outcome>? {
        guard let index = present else { return nil }
        if seats[index].isWithdrawn {
            end(index)
            return nil
        }
        if case .change(let decision) = seats[index].member {
            end(index, .success(.changed(decision.apply(&draft))))
            return nil
        }
        do throws(AllocationError) {
            guard let step = try claiming?.resume(finding, &draft) else { return nil }
            return follow(step, of: index)
        } catch {
            end(index, .failure(error))
            return nil
        }
    }

    /// Ends the turn of a member that was withdrawn, or has tried often enough.
    private mutating func end(_ index: Int) {
        refuse(index)
        end(index, results[index])
    }

    private mutating func end(_ index: Int, _ result: consuming Result<BatchOutcome, AllocationError>) {
        if case .failure = result {
            draft.takeBack()
            if !seats[index].pieces.isEmpty { giveBackPieces(of: index) }
        }
        if draft.isChanging {
            if seats.count > 1, case .success = result, case .claim(let order) = seats[index].member {
                order.search.forEachHash { owners.insert($0, index) }
            }
            draft.confirm(index)
        }
        results[index] = result
        seats[index].isDecided = true
        present = nil
    }
}

/// Writes of which a part succeeded.
extension Batch {
    /// Remembers what members picked, or ended, by a write that may have been done in part.
    private mutating func notePieces() {
        for index in seats.indices where seats[index].isDecided && !seats[index].isWritten {
            guard case .claim(let order) = seats[index].member, case .success = results[index] else { continue }
            for claim in draft.picks(of: index, order.search) where !seats[index].pieces.contains(claim) {
                seats[index].pieces.append(claim)
            }
        }
    }

    /// Takes for done what is written as it was planned.
    private mutating func settle(_ written: [StoredBlock]) {
        guard !written.isEmpty else { return }
        var authors: Set<Int> = []
        for stored in written { authors.formUnion(draft.rebase(stored)) }
        for index in authors {
            if draft.keys(changedBy: index).isEmpty {
                seats[index].isWritten = true
            } else if case .release = seats[index].member, case .success(let outcome) = results[index] {
                seats[index].ended = outcome.claims.filter { claim in
                    seats[index].ended.contains(claim)
                        || written.contains { $0.block.key.slot(of: claim.address) != nil }
                }
            }
        }
    }

    /// A member that is refused must not keep what was written of an earlier decision; it was told to nobody.
    private mutating func giveBackPieces(of index: Int) {
        guard case .claim(let order) = seats[index].member else { return }
        let until = order.request.now.adding(order.policy.coolingTime)
        for piece in seats[index].pieces {
            draft.update(piece.address) { block in
                block.release(piece.address, at: order.request.now, restingUntil: until) { $0 == piece } != nil
            }
        }
    }
}
