import CAllocationCounter
import Glibc

/// Something to be timed: a batch of equal operations, run again and again on the same state.
struct Contender {
    let name: String
    /// Number of operations in one batch.
    let operations: Int
    let target: Row.Target?
    /// Runs one batch; what it returns depends on every operation, so that none can be left out.
    let batch: () -> Int

    init(_ name: String, operations: Int, target: Row.Target? = nil, batch: @escaping () -> Int) {
        self.name = name
        self.operations = operations
        self.target = target
        self.batch = batch
    }
}

/// Times several contenders in turn, round after round, so that a disturbance of the machine meets all of them.
///
/// - Returns: a row for each, in nanoseconds of this thread's processor time for one operation, so that programs running
///   beside this one count less, with the heap allocations of all timed rounds.
func measure(_ group: String, rounds: Int = 21, _ contenders: [Contender]) -> [Row] {
    var samples = contenders.map { _ in
        var list: [Double] = []
        list.reserveCapacity(rounds)
        return list
    }
    var allocations = contenders.map { _ in UInt64(0) }
    for contender in contenders { consume(contender.batch()) }
    for _ in 0..<rounds {
        for (index, contender) in contenders.enumerated() {
            let allocationsBefore = allocation_count()
            let start = nanoseconds(CLOCK_THREAD_CPUTIME_ID)
            let result = contender.batch()
            let end = nanoseconds(CLOCK_THREAD_CPUTIME_ID)
            allocations[index] += allocation_count() - allocationsBefore
            consume(result)
            samples[index].append(Double(end - start) / Double(contender.operations))
        }
    }
    return contenders.indices.map { index in
        Row(
            group, contenders[index].name, samples: samples[index], unit: "ns",
            allocations: Double(allocations[index]) / Double(rounds * contenders[index].operations),
            target: contenders[index].target)
    }
}

/// What a clock shows.
func nanoseconds(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// Takes a result, so that the optimiser must compute it.
@inline(never)
func consume(_ result: Int) {
    withUnsafePointer(to: result) { pointer in consumer = Int(bitPattern: pointer) ^ result }
}

// proof: the program has one thread; a global that the optimiser cannot see through needs no lock.
nonisolated(unsafe) private var consumer = 0

/// Holds the state of a contender, so that a batch can change it in place.
final class Box<Value> {
    var value: Value
    init(_ value: Value) { self.value = value }
}

/// A generator that costs next to nothing (xorshift64); only for choosing what to do next while the clock runs.
struct Xorshift {
    var state: UInt64 = 88_172_645_463_325_252

    @inline(__always)
    mutating func next() -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(truncatingIfNeeded: state >> 1)
    }
}
