internal import IPAMCore
internal import JSONTree

extension PodAnnotations {
    /// What ``AnnotationKey/pool`` names for the interface that asks; `nil` when the Pod does not have it.
    ///
    /// - Throws: ``PoolSelectionError`` when it is not an object of that form.
    public func pool() throws(PoolSelectionError) -> InterfacePools? {
        guard let text = values[AnnotationKey.pool] else { return nil }
        let format = AnnotationFormat.pool
        guard let reader = try format.object(text) else { return InterfacePools(names: [:]) }
        return InterfacePools(
            names: try format.names(in: reader), unknownKeys: reader.unknownKeys(except: ["ipv4", "ipv6"]))
    }

    /// What ``AnnotationKey/pools`` names, in the order of the annotation; `nil` when the Pod does not have it.
    ///
    /// Either every item has an interface, each another one, or none has.
    ///
    /// - Throws: ``PoolSelectionError`` when it is not an array of that form, or has no item.
    public func pools() throws(PoolSelectionError) -> [InterfacePools]? {
        guard let text = values[AnnotationKey.pools] else { return nil }
        let format = AnnotationFormat.pools
        var items: [InterfacePools] = []
        for reader in try format.objects(text) {
            let cleanGateway = try format.field { () throws(JSONFieldError) in try reader.bool(at: "cleangateway") }
            items.append(
                InterfacePools(
                    interface: try format.text(at: "interface", in: reader), names: try format.names(in: reader),
                    cleanGateway: cleanGateway ?? false,
                    unknownKeys: reader.unknownKeys(except: ["interface", "ipv4", "ipv6", "cleangateway"])))
        }
        guard let first = items.first else { throw format.refusal("at least one item is needed") }
        for (index, item) in items.enumerated() where (item.interface == nil) != (first.interface == nil) {
            let named = item.interface == nil ? 0 : index
            throw format.refusal(
                "[\(named)] names an interface and [\(index - named)] does not; name it in every item or in none")
        }
        try format.refuseRepetition(of: items.map(\.interface))
        return items
    }
}

extension AnnotationFormat {
    /// Two items must not be about the same interface.
    func refuseRepetition(of interfaces: [String?]) throws(PoolSelectionError) {
        var seen: [String: Int] = [:]
        for (index, interface) in interfaces.enumerated() {
            guard let interface, let other = seen.updateValue(index, forKey: interface) else { continue }
            throw refusal(
                "[\(index)].interface: duplicate interface \(interface), which [\(other)] is about already; "
                    + "keep one of the two")
        }
    }
}
