internal import IPAMCore
internal import JSONTree

extension PodAnnotations {
    /// What ``AnnotationKey/subnets``, or else ``AnnotationKey/subnet``, asks for, in the order of the annotation;
    /// `nil` when the Pod has neither.
    ///
    /// Of several subnets of one family the first counts. The annotation for one interface means `eth0` when it names
    /// none.
    ///
    /// - Throws: ``PoolSelectionError`` when one of the annotations that belong together is not of its form.
    public func automaticPools() throws(PoolSelectionError) -> [AutomaticPoolDemand]? {
        let items: [(interface: String, subnets: [AddressFamily: String])]
        if let text = values[AnnotationKey.subnets] {
            items = try Self.several(text)
        } else if let text = values[AnnotationKey.subnet] {
            items = [try Self.single(text)]
        } else {
            return nil
        }
        let size = try poolSize()
        let isReclaimed = try poolReclaim()
        return items.map { item in
            AutomaticPoolDemand(
                interface: item.interface, subnets: item.subnets, size: size, isReclaimed: isReclaimed)
        }
    }

    private static func single(
        _ text: String
    ) throws(PoolSelectionError) -> (interface: String, subnets: [AddressFamily: String]) {
        let format = AnnotationFormat.subnet
        guard let reader = try format.object(text) else { throw format.refusal("names no subnet") }
        let interface = try format.text(at: "interface", in: reader)
        return (interface ?? PoolInstructions.primaryInterface, try format.subnets(in: reader))
    }

    private static func several(
        _ text: String
    ) throws(PoolSelectionError) -> [(interface: String, subnets: [AddressFamily: String])] {
        let format = AnnotationFormat.subnets
        var items: [(interface: String, subnets: [AddressFamily: String])] = []
        var seen: Set<[String]> = []
        for reader in try format.objects(text) {
            guard let interface = try format.text(at: "interface", in: reader) else {
                throw format.refusal("\(reader.path(of: "interface")): missing, expected the name of an interface")
            }
            let subnets = try format.subnets(in: reader)
            for (family, subnet) in subnets.sorted(by: { $0.key < $1.key }) {
                guard seen.insert([family.annotationField, subnet]).inserted else {
                    throw format.refusal(
                        "\(reader.path(of: family.annotationField))[0]: duplicate subnet \(subnet); "
                            + "name another one for each interface")
                }
            }
            items.append((interface, subnets))
        }
        if items.isEmpty { throw format.refusal("at least one item is needed") }
        try format.refuseRepetition(of: items.map(\.interface))
        return items
    }

    private func poolSize() throws(PoolSelectionError) -> AutomaticPoolSize? {
        guard let text = values[AnnotationKey.poolSize] else { return nil }
        guard let size = AutomaticPoolSize(text) else {
            throw AnnotationFormat.poolSize.refusal("\(text.quoted) is no number of addresses")
        }
        return size
    }

    private func poolReclaim() throws(PoolSelectionError) -> Bool {
        guard let text = values[AnnotationKey.poolReclaim] else { return true }
        switch text {
        case "1", "t", "T", "true", "True", "TRUE": return true
        case "0", "f", "F", "false", "False", "FALSE": return false
        default: throw AnnotationFormat.poolReclaim.refusal("\(text.quoted) is no truth value")
        }
    }
}

extension AnnotationFormat {
    /// The first subnet of each family; there must be one.
    fileprivate func subnets(in reader: JSONFieldReader) throws(PoolSelectionError) -> [AddressFamily: String] {
        let subnets = try names(in: reader).compactMapValues(\.first)
        guard !subnets.isEmpty else {
            let place = reader.path == .root ? "" : "\(reader.path): "
            throw refusal("\(place)names no subnet under \"ipv4\" or \"ipv6\"")
        }
        return subnets
    }
}
