internal import IPAMCore
internal import JSONTree

/// How one annotation is read: in which words its mistakes are reported, and what a right one looks like.
///
/// Keys of JSON objects are the same in either letter case, unknown keys mean nothing, and `null` is as good as
/// absent; a value of the wrong kind is a mistake.
struct AnnotationFormat {
    let key: String
    var owner = "Pod"
    /// A value that would be right.
    let example: String

    static let pool = AnnotationFormat(key: AnnotationKey.pool, example: #"{"ipv4":["pool-a"],"ipv6":["pool-b"]}"#)
    static let pools = AnnotationFormat(
        key: AnnotationKey.pools, example: #"[{"interface":"eth0","ipv4":["pool-a"],"cleangateway":false}]"#)
    static let routes = AnnotationFormat(
        key: AnnotationKey.routes, example: #"[{"dst":"10.0.0.0/16","gw":"192.168.1.1"}]"#)
    static let subnet = AnnotationFormat(
        key: AnnotationKey.subnet, example: #"{"interface":"eth0","ipv4":["corp-v4"]}"#)
    static let subnets = AnnotationFormat(
        key: AnnotationKey.subnets, example: #"[{"interface":"eth0","ipv4":["corp-v4"]}]"#)
    static let poolSize = AnnotationFormat(key: AnnotationKey.poolSize, example: #""5", or "+2" for two to spare"#)
    static let poolReclaim = AnnotationFormat(key: AnnotationKey.poolReclaim, example: #""true" or "false""#)
    static let defaultIPv4Pools = AnnotationFormat(
        key: AnnotationKey.defaultIPv4Pools, owner: "Namespace", example: #"["pool-a"]"#)
    static let defaultIPv6Pools = AnnotationFormat(
        key: AnnotationKey.defaultIPv6Pools, owner: "Namespace", example: #"["pool-b"]"#)
    static let defaultNetwork = AnnotationFormat(key: AnnotationKey.defaultNetwork, example: "kube-system/macvlan-100")
    static let networks = AnnotationFormat(
        key: AnnotationKey.networks, example: #"default/macvlan-100@net1 or [{"name":"macvlan-100"}]"#)

    /// The mistake for a value that does not serve.
    func refusal(_ problem: String) -> PoolSelectionError {
        .annotation(key, of: owner, "\(problem); write for example \(example)")
    }

    /// Reads the text as JSON.
    func tree(_ text: String) throws(PoolSelectionError) -> JSONValue {
        do throws(JSONParseError) {
            return try JSONValue(parsing: text)
        } catch {
            throw refusal("\(error)")
        }
    }

    /// Reads the text as an object; `nil` for `null`.
    func object(_ text: String) throws(PoolSelectionError) -> JSONFieldReader? {
        let tree = try tree(text)
        if tree.isNull { return nil }
        return try field { () throws(JSONFieldError) in try JSONFieldReader(tree, keys: .caseInsensitive) }
    }

    /// Reads the text as an array of objects; `null` is none.
    func objects(_ text: String) throws(PoolSelectionError) -> [JSONFieldReader] {
        var readers: [JSONFieldReader] = []
        for (index, element) in try elements(text).enumerated() {
            let path = JSONFieldPath.root.appending(index)
            readers.append(
                try field { () throws(JSONFieldError) in
                    try JSONFieldReader(element, path: path, keys: .caseInsensitive)
                })
        }
        return readers
    }

    /// Reads the text as an array of names; `null` is none.
    func names(_ text: String) throws(PoolSelectionError) -> [String] {
        var names: [String] = []
        for (index, element) in try elements(text).enumerated() {
            guard let name = element.stringValue, !name.isEmpty else {
                let path = JSONFieldPath.root.appending(index)
                throw refusal("\(JSONFieldError(at: path, expected: "a name", actual: element))")
            }
            names.append(name)
        }
        return names
    }

    private func elements(_ text: String) throws(PoolSelectionError) -> [JSONValue] {
        let tree = try tree(text)
        if tree.isNull { return [] }
        guard let elements = tree.arrayValue else {
            throw refusal("\(JSONFieldError(at: .root, expected: "an array", actual: tree))")
        }
        return elements
    }

    /// The lists of names that an object has under `ipv4` and `ipv6`; a family without a list is left out.
    func names(in reader: JSONFieldReader) throws(PoolSelectionError) -> [AddressFamily: [String]] {
        var names: [AddressFamily: [String]] = [:]
        for family in AddressFamily.allCases {
            names[family] = try field { () throws(JSONFieldError) in
                try reader.parsedList(at: family.annotationField, expected: "a name") { $0.isEmpty ? nil : $0 }
            }
        }
        return names
    }

    /// A text that is not empty; `nil` when it is absent or empty.
    func text(at key: String, in reader: JSONFieldReader) throws(PoolSelectionError) -> String? {
        let text = try field { () throws(JSONFieldError) in try reader.string(at: key) }
        return text.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// What `body` reads, its mistake in the annotation's words.
    func field<Value>(_ body: () throws(JSONFieldError) -> Value) throws(PoolSelectionError) -> Value {
        do throws(JSONFieldError) {
            return try body()
        } catch {
            throw refusal("\(error)")
        }
    }
}

extension AddressFamily {
    /// The field that holds a family's names in annotations.
    var annotationField: String { self == .ipv4 ? "ipv4" : "ipv6" }
}
