/// The values of a cache with their indices; no clock, no network.
struct ReflectorTable<Value: Sendable & Equatable> {
    private let indices: [ReflectorIndex<Value>]
    private(set) var values: [ObjectKey: Value] = [:]
    private var places: [String: [String: Set<ObjectKey>]] = [:]

    init(_ indices: [ReflectorIndex<Value>]) { self.indices = indices }

    /// Puts a value in, or takes it out with `nil`.
    ///
    /// - Returns: what was there before; the outer optional is `nil` when nothing changes.
    mutating func set(_ key: ObjectKey, _ value: Value?) -> Value?? {
        let old = values[key]
        guard old != value else { return nil }
        for index in indices {
            let before = Set(old.map(index.keys) ?? [])
            let after = Set(value.map(index.keys) ?? [])
            for place in before.subtracting(after) {
                places[index.name]?[place]?.remove(key)
                if places[index.name]?[place]?.isEmpty == true { places[index.name]?[place] = nil }
            }
            for place in after.subtracting(before) { places[index.name, default: [:]][place, default: []].insert(key) }
        }
        values[key] = value
        return .some(old)
    }

    /// The keys of an index.
    func keys(in index: String, _ place: String) -> Set<ObjectKey> { places[index]?[place] ?? [] }
}
