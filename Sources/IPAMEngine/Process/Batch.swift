internal import IPAMCore

/// Decisions that are taken one after the other on one draft and written together.
///
/// Each sees what those before it picked. One that is refused leaves nothing behind in the draft. After a conflict only
/// those are taken again that changed a block which somebody else has changed, or share a block with such a one.
struct Batch<Member: Decision>: Sendable {
    typealias Outcome = [Result<Member.Outcome, AllocationError>]

    private struct Seat: Sendable {
        var member: Member
        var attempts = 0
        var result: Result<Member.Outcome, AllocationError>?
        var withdrawal: AllocationError?
    }

    private enum Asked: Sendable {
        /// What the present member wants to know.
        case question(StoreQuestion)
        case write
        /// The blocks that could not be written, to see which of them have changed.
        case second([BlockKey])
    }

    private var seats: [Seat]
    private var draft = BlockDraft()
    /// Who has to decide yet, the next one last.
    private var waiting: [Int] = []
    private var present: Int?
    private var asked: Asked?
    /// Names that claims of the draft can be found by, which the store does not know.
    private var owners = OwnerTable()

    init(_ members: [Member]) {
        seats = members.map { Seat(member: $0) }
    }

    mutating func begin() -> EngineStep<Outcome> {
        for index in seats.indices.reversed() { enqueue(index) }
        return advance()
    }

    mutating func resume(_ answer: StoreAnswer) -> EngineStep<Outcome> {
        switch (asked, answer) {
        case (.write, .written):
            return .done(outcome)
        case (.write, .conflict):
            let keys = draft.writes.map(\.block.key)
            guard seats.count > 1 else { return startOver(keys) }
            asked = .second(keys)
            return .ask(.blocks(keys))
        case (.second(let keys), .blocks(let blocks)):
            // An answer from the past shows no difference; then nobody's plan can be trusted.
            let changed = blocks.filter { $0.version != draft.version(of: $0.block.key) }
            return startOver(changed.isEmpty ? keys : changed.map(\.block.key))
        case (.question(let question), .blocks(let blocks)):
            var keys: [BlockKey] = []
            for block in blocks {
                // A block that changed between two answers might have room that the earlier one does not show.
                guard draft.adopt(block) else { return startOver([block.block.key]) }
                keys.append(block.block.key)
            }
            return deliver(finding(question, keys))
        case (.question(.usage(let candidates, let now)), .usage(let usage)):
            return deliver(.usage(draft.corrected(usage, candidates, now)))
        default:
            preconditionFailure("the answer does not belong to the question")
        }
    }

    /// Leaves a member out; what it would have changed is not written unless that write is under way already.
    mutating func withdraw(_ index: Int, _ error: AllocationError) {
        guard seats.indices.contains(index) else { return }
        seats[index].withdrawal = error
    }

    private var outcome: Outcome {
        seats.map { $0.result ?? .failure(AllocationError(.contention)) }
    }

    // MARK: One after the other

    private mutating func enqueue(_ index: Int) {
        if let withdrawal = seats[index].withdrawal {
            seats[index].result = .failure(withdrawal)
        } else if seats[index].attempts < ClaimProcess.maximumAttempts {
            seats[index].attempts += 1
            seats[index].result = nil
            waiting.append(index)
        } else {
            seats[index].result = .failure(AllocationError(.contention))
        }
    }

    /// Plans again whatever rests on these blocks, besides what the present member has begun.
    private mutating func startOver(_ keys: [BlockKey]) -> EngineStep<Outcome> {
        draft.takeBack()
        var concerned = draft.forget(keys)
        if let present { concerned.insert(present) }
        present = nil
        // Whoever came later and changed nothing may have found it so only because of a plan that is gone.
        if let first = concerned.min() {
            for index in seats.indices[(first + 1)...] where seats[index].result != nil {
                if draft.keys(changedBy: index).isEmpty { concerned.insert(index) }
            }
        }
        for index in concerned { enqueue(index) }
        waiting.sort(by: >)
        return advance()
    }

    /// Lets members decide until the store has to be asked.
    private mutating func advance() -> EngineStep<Outcome> {
        while true {
            if let index = waiting.popLast() {
                if let withdrawal = seats[index].withdrawal {
                    seats[index].result = .failure(withdrawal)
                    continue
                }
                present = index
                if let step = ask(seats[index].member.begin()) { return step }
                continue
            }
            let late = seats.indices.filter(isPlannedInVain).flatMap { draft.keys(changedBy: $0) }
            if !late.isEmpty { return startOver(late) }
            let writes = draft.writes
            asked = .write
            return writes.isEmpty ? .done(outcome) : .ask(.write(writes))
        }
    }

    /// Whether a member was withdrawn after it had decided.
    private func isPlannedInVain(_ index: Int) -> Bool {
        guard seats[index].withdrawal != nil, case .success = seats[index].result else { return false }
        return true
    }

    private mutating func deliver(_ finding: Finding) -> EngineStep<Outcome> {
        hand(finding) ?? advance()
    }

    /// Asks what the present member wants to know, or answers it from the draft; `nil` when the member has ended.
    private mutating func ask(_ question: StoreQuestion) -> EngineStep<Outcome>? {
        if let finding = findingInDraft(question) { return hand(finding) }
        asked = .question(question)
        guard case .vacancies(let candidate, let freshness, let now, _) = question else { return .ask(question) }
        let known = draft.known(candidate.addresses.family)
        return .ask(.vacancies(candidate, freshness, now: now, known: known))
    }

    private mutating func hand(_ finding: Finding) -> EngineStep<Outcome>? {
        guard let index = present else { return nil }
        if let withdrawal = seats[index].withdrawal {
            end(index, .failure(withdrawal))
            return nil
        }
        do throws(AllocationError) {
            switch try seats[index].member.resume(finding, &draft) {
            case .ask(let question): return ask(question)
            case .done(let outcome): end(index, .success(outcome))
            }
        } catch {
            end(index, .failure(error))
        }
        return nil
    }

    private mutating func end(_ index: Int, _ result: Result<Member.Outcome, AllocationError>) {
        if case .failure = result {
            draft.takeBack()
        } else if draft.isChanging {
            if seats.count > 1 { seats[index].member.forEachOwner { owners.insert(OwnerHash($0), index) } }
            draft.confirm(index)
        }
        seats[index].result = result
        present = nil
    }

    // MARK: Through the draft

    /// The answer to a question about which the store knows nothing more.
    private func findingInDraft(_ question: StoreQuestion) -> Finding? {
        switch question {
        case .blocks(let keys) where keys.allSatisfy({ draft.version(of: $0) != nil }):
            .blocks(keys)
        case .vacancies(let candidate, .neverUsed, _, _):
            draft.untouchedBlock(candidate).map { .room($0) }
        default:
            nil
        }
    }

    /// What a store's answer means, its blocks being in the draft now.
    private func finding(_ question: StoreQuestion, _ keys: [BlockKey]) -> Finding {
        switch question {
        case .vacancies(let candidate, .neverUsed, _, _):
            return .room(draft.untouchedBlock(candidate))
        case .vacancies(let candidate, let freshness, let now, _):
            return .room(draft.restingBlock(candidate, freshness, now))
        case .ownedBy(let identity) where owners.contains(OwnerHash(identity.uid)):
            return .blocks(union(keys) { $0.identity == identity })
        case .attachedTo(let attachment) where owners.contains(OwnerHash(attachment.containerID)):
            return .blocks(union(keys) { $0.attachment == attachment })
        default:
            return .blocks(keys)
        }
    }

    private func union(_ keys: [BlockKey], _ isWanted: (Claim) -> Bool) -> [BlockKey] {
        keys + draft.changedBlocks(where: isWanted).filter { !keys.contains($0) }
    }
}

extension EngineStep {
    /// The step of a request that is a batch of its own.
    func alone<Value>() throws(AllocationError) -> EngineStep<Value>
    where Outcome == [Result<Value, AllocationError>] {
        switch self {
        case .ask(let question): .ask(question)
        case .done(let results): .done(try results[0].get())
        }
    }
}
