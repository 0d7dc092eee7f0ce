public import JSONTree

/// What a plugin reports of an attachment, in a form that does not depend on the version of the protocol.
///
/// Results are read from and written in any version; see ``init(_:version:path:)`` and ``json(version:)``. Members that
/// the version does not define are kept, at every level, and written again: a chained plugin changes what is its own
/// and passes the rest on.
///
/// ```swift
/// var result = request.previousResult ?? CNIResult()
/// result.interfaces[0].mac = "0a:1b:ac:16:04:0a"
/// return result
/// ```
public struct CNIResult: Sendable, Equatable {
    /// The interfaces; addresses refer to them by index, so new ones go to the end.
    public var interfaces: [CNIInterface]

    /// The addresses.
    public var ips: [CNIAddress]

    /// The routes.
    public var routes: [CNIRoute]

    /// Name resolution.
    public var dns: CNIDNS

    /// Members that the protocol does not define.
    public var extensions: JSONObject

    /// Makes a result; without arguments, the empty one.
    public init(
        interfaces: [CNIInterface] = [], ips: [CNIAddress] = [], routes: [CNIRoute] = [], dns: CNIDNS = CNIDNS(),
        extensions: JSONObject = [:]
    ) {
        self.interfaces = interfaces
        self.ips = ips
        self.routes = routes
        self.dns = dns
        self.extensions = extensions
    }

    /// The interface that an address is on; `nil` when the address does not say, or the result has no such interface.
    public func interface(of address: CNIAddress) -> CNIInterface? {
        guard let index = address.interface, interfaces.indices.contains(index) else { return nil }
        return interfaces[index]
    }
}
