/// Where a value stands in a document, for messages: `ipam.default_ipv4_ippool[1]`.
///
/// Keys that are not plain words are put in brackets unless they come first: `metadata.annotations[a.b/c]`.
public struct JSONFieldPath: Sendable, Hashable {
    /// One step from a value to a part of it.
    public enum Step: Sendable, Hashable {
        /// To the member of an object.
        case key(String)
        /// To the element of an array, counted from 0.
        case index(Int)
    }

    /// The steps from the whole document.
    public private(set) var steps: [Step]

    /// The whole document.
    public static let root = JSONFieldPath(steps: [])

    private init(steps: [Step]) { self.steps = steps }

    /// The path of the member `key`.
    public func appending(_ key: String) -> JSONFieldPath { JSONFieldPath(steps: steps + [.key(key)]) }

    /// The path of the element at `index`.
    public func appending(_ index: Int) -> JSONFieldPath { JSONFieldPath(steps: steps + [.index(index)]) }
}

extension JSONFieldPath: CustomStringConvertible {
    /// The path as people write it; empty for the whole document.
    public var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .index(let index): text += "[\(index)]"
            case .key(let key) where text.isEmpty: text = key
            case .key(let key): text += Self.isPlain(key) ? ".\(key)" : "[\(key)]"
            }
        }
        return text
    }

    private static func isPlain(_ key: String) -> Bool {
        !key.isEmpty
            && key.utf8.allSatisfy { byte in
                (0x61...0x7a).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x5f || byte == 0x2d
            }
    }
}
