/// The members of a JSON object, in the order in which they were written.
///
/// Keys are unique. Looking up a key is O(number of members), which for the small objects of configurations is faster
/// than a table; reading a document is linear all the same, whatever the number of keys. Keys are compared as Swift
/// compares strings, so two canonically equivalent Unicode texts are the same key.
public struct JSONObject: Sendable {
    /// The members in order.
    public private(set) var members: [(key: String, value: JSONValue)]

    /// Makes an object without members.
    public init() { members = [] }

    /// Makes an object; of members with the same key the last counts and stands where the first stood.
    public init(_ members: [(String, JSONValue)]) {
        self.members = []
        self.members.reserveCapacity(members.count)
        // Making the type of a table costs a short-lived process more than comparing a few keys.
        guard members.count > 12 else {
            for (key, value) in members { set(key, value) }
            return
        }
        var places: [String: Int] = [:]
        places.reserveCapacity(members.count)
        for (key, value) in members {
            if let place = places[key] {
                self.members[place].value = value
            } else {
                places[key] = self.members.count
                self.members.append((key, value))
            }
        }
    }

    /// Makes an object from members whose keys are known to be unique.
    init(unique members: [(key: String, value: JSONValue)]) { self.members = members }

    /// The keys in order.
    public var keys: [String] { members.map(\.key) }

    /// Whether there is no member.
    public var isEmpty: Bool { members.isEmpty }

    /// The number of members.
    public var count: Int { members.count }

    /// The value of a key, or `nil` when there is no such member; setting `nil` removes the member.
    ///
    /// To write a JSON `null`, assign `JSONValue.null`.
    public subscript(key: String) -> JSONValue? {
        get { members.first { $0.key == key }?.value }
        set {
            if let newValue { set(key, newValue) } else { remove(key) }
        }
    }

    /// The first member whose key is `key` when ASCII letters of either case are the same.
    ///
    /// A member whose key matches exactly is preferred, wherever it stands.
    public func first(caseInsensitive key: String) -> (key: String, value: JSONValue)? {
        var folded: (key: String, value: JSONValue)?
        for member in members {
            if member.key == key { return member }
            if folded == nil, member.key.equalsIgnoringASCIICase(key) { folded = member }
        }
        return folded
    }

    /// Replaces the value of a key in its place, or appends a member.
    public mutating func set(_ key: String, _ value: JSONValue) {
        if let index = members.firstIndex(where: { $0.key == key }) {
            members[index].value = value
        } else {
            members.append((key, value))
        }
    }

    /// Removes a member and returns its value; without such a member it does nothing.
    @discardableResult
    public mutating func remove(_ key: String) -> JSONValue? {
        guard let index = members.firstIndex(where: { $0.key == key }) else { return nil }
        return members.remove(at: index).value
    }
}

extension JSONObject: Equatable {
    /// Whether both have the same keys with equal values, in whatever order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        guard left.count == right.count else { return false }
        let pairs = zip(left.members, right.members)
        // Values are compared once only: twice on every level would be for ever on a deep tree.
        if pairs.allSatisfy({ $0.key == $1.key }) { return pairs.allSatisfy { $0.value == $1.value } }
        let values = Dictionary(right.members.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        return left.members.allSatisfy { values[$0.key] == $0.value }
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Makes an object; of members with the same key the last counts.
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}

extension String {
    /// Whether the texts are equal when the letters a–z and A–Z are not distinguished.
    func equalsIgnoringASCIICase(_ other: String) -> Bool {
        let left = utf8
        let right = other.utf8
        guard left.count == right.count else { return false }
        return zip(left, right).allSatisfy { one, another in
            one == another || (one | 0x20 == another | 0x20 && (0x61...0x7a).contains(one | 0x20))
        }
    }
}
