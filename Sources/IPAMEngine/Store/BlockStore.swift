public import IPAMCore

/// A block together with what a conditional write needs to know.
public struct StoredBlock: Sendable, Hashable {
    /// The content.
    public var block: Block
    /// What the store called this state of the block; 0 for a block that does not exist yet.
    public var version: UInt64

    /// Makes a pair.
    public init(_ block: Block, version: UInt64) {
        self.block = block
        self.version = version
    }
}

/// A state of a block, named.
public struct BlockVersion: Sendable, Hashable {
    /// Which block.
    public var key: BlockKey
    /// What the store called the state; 0 for a block that does not exist yet.
    public var version: UInt64

    /// Names a state.
    public init(_ key: BlockKey, version: UInt64) {
        self.key = key
        self.version = version
    }
}

/// What the engine wants to know from, or have done by, a store.
public enum StoreQuestion: Sendable {
    /// All blocks with a claim that one of these finds, none twice. Answer: ``StoreAnswer/blocks(_:)``.
    case owned([OwnerSearch])
    /// Blocks, existing or new, in which the pool has an address of this freshness, or of a better one that was not found
    /// when it was asked for; best first, empty when there is none. Those that still have the version in which they are `known` are passed over: whoever asks has plans for
    /// them that the store cannot see. Answer: ``StoreAnswer/blocks(_:)``.
    case vacancies(PoolCandidate, Block.Freshness, now: Timestamp, known: [BlockVersion])
    /// These blocks, existing or new. Answer: ``StoreAnswer/blocks(_:)``.
    case blocks([BlockKey])
    /// How the pools are used, for the text of a refusal. Answer: ``StoreAnswer/usage(_:)``.
    case usage([PoolCandidate], now: Timestamp)
    /// Write these blocks, each only if its version is still the given one. A store that can writes all or none; one that
    /// cannot writes each by itself. Answer: ``StoreAnswer/written`` or ``StoreAnswer/conflict``.
    case write([StoredBlock])
}

/// What a store says.
public enum StoreAnswer: Sendable {
    /// The blocks that were asked for.
    case blocks([StoredBlock])
    /// The numbers that were asked for.
    case usage([PoolUsage])
    /// All blocks are written.
    case written
    /// At least one block had changed and was not written. Others of the same write may be: whoever asks for the blocks
    /// sees which.
    case conflict
}

/// How a pool is used at one moment.
public struct PoolUsage: Sendable, Hashable {
    /// Name of the pool.
    public var pool: String
    /// Addresses that the pool may hand out, owned or not.
    public var capacity: UInt128
    /// How many of them are owned.
    public var claimed: Int
    /// How many of them were released and rest.
    public var cooling: Int
    /// How many of them are in quarantine now.
    public var quarantined: Int

    /// Makes a set of numbers.
    public init(pool: String, capacity: UInt128, claimed: Int, cooling: Int, quarantined: Int) {
        self.pool = pool
        self.capacity = capacity
        self.claimed = claimed
        self.cooling = cooling
        self.quarantined = quarantined
    }
}

extension PoolUsage: CustomStringConvertible {
    /// `IPPool rack-a has 10 usable addresses: 9 claimed, 1 quarantined`.
    public var description: String {
        guard capacity > 0 else { return "IPPool \(pool) has no usable address" }
        var parts = ["\(claimed) claimed"]
        if cooling > 0 { parts.append("\(cooling) cooling") }
        if quarantined > 0 { parts.append("\(quarantined) quarantined") }
        let noun = capacity == 1 ? "address" : "addresses"
        return "IPPool \(pool) has \(capacity) usable \(noun): \(parts.joined(separator: ", "))"
    }
}

/// A place where blocks are kept, as a caller without an async runtime sees it.
///
/// A store answers questions; it decides nothing. What it must guarantee: the write of a block is conditional on its
/// version, versions never come twice, and the node that wrote sees it in whatever it asks afterwards, also what a write
/// of several blocks did before it met a conflict. What other nodes wrote may be missing from an answer; see
/// <doc:HowAllocationWorks>.
public protocol BlockStore: ~Copyable {
    /// What goes wrong below: a file, a network.
    associatedtype Failure: Error

    /// Answers one question.
    mutating func answer(_ question: StoreQuestion) throws(Failure) -> StoreAnswer
}
