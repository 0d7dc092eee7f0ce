internal import JSONTree

/// Several kubeconfig files as one: of entries with the same name the first counts.
struct Kubeconfig {
    private typealias Entries = [(name: String, reader: ConfigurationReader)]

    private var files: [String] = []
    private var currentContext: String?
    private var contexts: Entries = []
    private var clusters: Entries = []
    private var users: Entries = []

    var isEmpty: Bool { files.isEmpty }

    /// Adds a file behind those that were added before.
    mutating func add(path: String, bytes: [UInt8]) throws(KubeError) {
        files.append(path)
        let tree: JSONValue
        do throws(YAMLDocument.Problem) {
            tree = try YAMLDocument.read(String(decoding: bytes, as: UTF8.self))
        } catch {
            throw .configuration(
                path, error.line.map { "line \($0)" }, error.text, "compare it with what \"kubectl config view\" shows")
        }
        if tree.isNull { return }
        let root = try ConfigurationReader(file: path, tree: tree)
        if let kind = try root.string("kind"), kind != "Config" {
            throw root.failure("kind", "this is no kubeconfig", "give a file with \"kind: Config\"")
        }
        if currentContext == nil { currentContext = try root.string("current-context") }
        try Self.add(root, "contexts", "context", to: &contexts)
        try Self.add(root, "clusters", "cluster", to: &clusters)
        try Self.add(root, "users", "user", to: &users)
    }

    private static func add(
        _ root: ConfigurationReader, _ list: String, _ member: String, to entries: inout Entries
    ) throws(KubeError) {
        for element in try root.objects(list) {
            let name = try element.required("name", "give the entry a name")
            guard !entries.contains(where: { $0.name == name }) else { continue }
            guard let reader = try element.object(member) else {
                throw element.failure(
                    member, "it is missing", "write the \(member) below the name, or remove the entry")
            }
            entries.append((name, reader))
        }
    }

    /// The configuration of a context.
    func configuration(context wanted: String?) throws(KubeError) -> KubeConfiguration {
        let all = files.joined(separator: ":")
        let choice = Self.choice(contexts)
        guard let name = wanted ?? currentContext else {
            throw .configuration(all, "current-context", "no context is chosen", choice)
        }
        guard let context = contexts.first(where: { $0.name == name })?.reader else {
            throw .configuration(all, "contexts", "there is no context \"\(name)\"", choice)
        }
        let clusterName = try context.required("cluster", Self.choice(clusters))
        guard let cluster = clusters.first(where: { $0.name == clusterName })?.reader else {
            throw context.failure("cluster", "there is no cluster \"\(clusterName)\"", Self.choice(clusters))
        }
        let userName = try context.string("user")
        let user = users.first { $0.name == userName }?.reader
        if let userName, user == nil {
            throw context.failure("user", "there is no user \"\(userName)\"", Self.choice(users))
        }
        var configuration = try KubeConfiguration(cluster: cluster)
        configuration.namespace = try context.string("namespace") ?? "default"
        configuration.origin = "\(context.file), context \"\(name)\""
        if let user { try configuration.become(user) }
        return configuration
    }

    private static func choice(_ entries: Entries) -> String {
        guard !entries.isEmpty else { return "there is none at all; write one" }
        return "choose one of \(entries.map { "\"\($0.name)\"" }.joined(separator: ", "))"
    }
}
