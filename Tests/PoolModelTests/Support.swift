import IPAMCore
import JSONTree
import PoolModel
import Testing

/// Makes manifests for the tests: `manifest("SpiderIPPool", "a", #"{"subnet": "10.0.0.0/24"}"#)`.
func manifest(_ kind: String, _ name: String, _ spec: String) throws -> JSONValue {
    [
        "apiVersion": .string(ResourceKind.apiVersion), "kind": .string(kind), "metadata": ["name": .string(name)],
        "spec": try JSONValue(parsing: spec),
    ]
}

/// A pool from the JSON of its specification.
func pool(_ name: String, _ spec: String, labels: [String: String] = [:]) throws -> SpiderIPPool {
    var pool = try SpiderIPPool(tree: manifest("SpiderIPPool", name, spec))
    pool.metadata.labels = labels
    return pool
}

/// A reservation from the JSON of its specification.
func reserved(_ name: String, _ spec: String) throws -> SpiderReservedIP {
    try SpiderReservedIP(tree: manifest("SpiderReservedIP", name, spec))
}

func address(_ text: String) throws -> IPAddress { try IPAddress(parsing: text) }

extension FieldError {
    /// Type and path, the part that clients rely on.
    var place: String { "\(type.rawValue) \(path)" }
}

/// Small, repeatable random numbers (SplitMix64).
struct TestRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
        return word ^ word >> 31
    }
}
