/// A kind of resource in the group `spiderpool.spidernet.io`, with the names under which people ask for it.
public struct ResourceKind: Sendable, Hashable {
    /// The group, which is also the name of the finalizer.
    public static let group = "spiderpool.spidernet.io"
    /// Group and version as manifests carry them.
    public static let apiVersion = "spiderpool.spidernet.io/v2beta1"
    /// The finalizer that keeps an object until nothing of it is in use.
    public static let finalizer = group

    /// The kind as manifests carry it: `SpiderIPPool`.
    public let name: String
    /// The plural in URLs and on command lines: `spiderippools`.
    public let plural: String
    /// The abbreviation on command lines: `sp`.
    public let shortName: String

    /// Makes a kind.
    public init(name: String, plural: String, shortName: String) {
        self.name = name
        self.plural = plural
        self.shortName = shortName
    }

    /// The singular in lower case: `spiderippool`.
    public var singular: String { name.lowercased() }

    /// Whether a word on a command line means this kind: its name in any case, its plural, either of them without
    /// `spider` or with the group behind, or its abbreviation.
    public func isNamed(_ word: String) -> Bool {
        let word = word.lowercased()
        return word == shortName
            || [singular, plural].contains { name in
                word == name || "spider\(word)" == name || word == "\(name).\(Self.group)"
            }
    }
}

extension ResourceKind: CustomStringConvertible {
    /// The name.
    public var description: String { name }
}
