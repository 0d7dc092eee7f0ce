public import IPAMCore

/// The annotations of a namespace, read when they are asked for.
public struct NamespaceAnnotations: Sendable, Hashable {
    /// All annotations, also those that mean nothing here.
    public let values: [String: String]

    /// Takes the annotations as they are.
    public init(_ values: [String: String] = [:]) { self.values = values }

    /// Whether one of the two annotations with default pools is there, whatever it holds.
    public var hasDefaultPools: Bool {
        values[AnnotationKey.defaultIPv4Pools] != nil || values[AnnotationKey.defaultIPv6Pools] != nil
    }

    /// The pools of the namespace's Pods; a family whose list is absent or empty is left out.
    ///
    /// - Throws: ``PoolSelectionError`` when one of the annotations is not an array of names.
    public func defaultPools() throws(PoolSelectionError) -> [AddressFamily: [String]] {
        var names: [AddressFamily: [String]] = [:]
        for family in AddressFamily.allCases {
            let format: AnnotationFormat = family == .ipv4 ? .defaultIPv4Pools : .defaultIPv6Pools
            guard let text = values[format.key] else { continue }
            let list = try format.names(text)
            if !list.isEmpty { names[family] = list }
        }
        return names
    }
}
