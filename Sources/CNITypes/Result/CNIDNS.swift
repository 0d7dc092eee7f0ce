public import JSONTree

/// Name resolution, in results and in configurations.
public struct CNIDNS: Sendable, Equatable {
    /// Addresses of name servers, as text.
    public var nameservers: [String]

    /// The local domain.
    public var domain: String?

    /// Domains to search, in order.
    public var search: [String]

    /// Options of the resolver.
    public var options: [String]

    /// Members that the protocol does not define.
    public var extensions: JSONObject

    /// Makes a description; without arguments, the empty one.
    public init(
        nameservers: [String] = [], domain: String? = nil, search: [String] = [], options: [String] = [],
        extensions: JSONObject = [:]
    ) {
        self.nameservers = nameservers
        self.domain = domain
        self.search = search
        self.options = options
        self.extensions = extensions
    }

    /// Whether nothing is said.
    public var isEmpty: Bool { self == CNIDNS() }
}

extension CNIDNS {
    init(_ reader: JSONFieldReader) throws(JSONFieldError) {
        self.init(
            nameservers: try reader.strings(at: "nameservers") ?? [], domain: try reader.text(at: "domain"),
            search: try reader.strings(at: "search") ?? [], options: try reader.strings(at: "options") ?? [],
            extensions: reader.extensions(except: ["nameservers", "domain", "search", "options"]))
    }

    func json() -> JSONValue {
        var object: JSONObject = [:]
        object.setList("nameservers", nameservers.map(JSONValue.string))
        object.setText("domain", domain)
        object.setList("search", search.map(JSONValue.string))
        object.setList("options", options.map(JSONValue.string))
        return .object(object.adding(extensions))
    }
}
