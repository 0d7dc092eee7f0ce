internal import IPAMCore
internal import JSONTree

extension PodAnnotations {
    /// The routes of ``AnnotationKey/routes``, in the order of the annotation; none when the Pod does not have it.
    ///
    /// - Throws: ``PoolSelectionError`` when it is not an array of that form, when a destination is no CIDR or a next
    ///   hop no address, and when the two are of different families.
    public func routes() throws(PoolSelectionError) -> [PoolRoute] {
        guard let text = values[AnnotationKey.routes] else { return [] }
        let format = AnnotationFormat.routes
        var routes: [PoolRoute] = []
        for reader in try format.objects(text) {
            let destination = try format.value(at: "dst", in: reader, expected: "a CIDR") {
                (text) throws(AddressParseError) in try CIDR(lenientParsing: text)
            }
            let gateway = try format.value(at: "gw", in: reader, expected: "an IP address") {
                (text) throws(AddressParseError) in try IPAddress(parsing: text)
            }
            guard destination.family == gateway.family else {
                throw format.refusal(
                    "\(reader.path.appending("gw")): \(gateway) is \(gateway.family), but the destination "
                        + "\(destination) is \(destination.family); both must be of one family")
            }
            routes.append(PoolRoute(destination: destination, gateway: gateway))
        }
        return routes
    }
}

extension AnnotationFormat {
    /// An address or prefix that must be there.
    fileprivate func value<Value>(
        at key: String, in reader: JSONFieldReader, expected: String,
        _ parse: (String) throws(AddressParseError) -> Value
    ) throws(PoolSelectionError) -> Value {
        let text = try field { () throws(JSONFieldError) in
            try reader.required(key, reader.string(at: key), expected: expected)
        }
        do throws(AddressParseError) {
            return try parse(text)
        } catch {
            throw refusal(
                "\(reader.path(of: key)): expected \(expected), got \(text.quoted): \(error.code.rawValue) "
                    + "at position \(error.position)")
        }
    }
}
