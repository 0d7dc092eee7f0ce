import Foundation
import JSONTree
import TestSupport

/// What an API server writes down about the requests it gets.
struct AuditLog {
    struct Request: Hashable {
        /// `VERB RESOURCE.GROUP`, as roles grant it.
        let permission: String
        let isDenied: Bool
    }

    private let folder: TemporaryFolder
    private var path: String { "\(folder.path)/audit.log" }

    init() throws {
        folder = try TemporaryFolder()
        // A watch is noted when it begins.
        let policy = """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            rules: [{level: Metadata}]
            """
        try policy.write(toFile: "\(folder.path)/policy.yaml", atomically: true, encoding: .utf8)
    }

    /// What makes a server write it.
    var flags: [String] { ["--audit-policy-file=\(folder.path)/policy.yaml", "--audit-log-path=\(path)"] }

    /// What somebody has asked for, each thing once.
    func requests(of user: String) throws -> Set<Request> {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        var all: Set<Request> = []
        for line in lines {
            let entry = try JSONValue(parsing: String(line))
            guard entry["user"]?["username"]?.stringValue == user, let object = entry["objectRef"],
                let verb = entry["verb"]?.stringValue, let resource = object["resource"]?.stringValue
            else { continue }
            let words = [resource, object["subresource"]?.stringValue].compactMap(\.self).joined(separator: "/")
            let group = object["apiGroup"]?.stringValue.map { "." + $0 } ?? ""
            let isDenied = entry["responseStatus"]?["code"]?.int64Value == 403
            all.insert(Request(permission: "\(verb) \(words)\(group)", isDenied: isDenied))
        }
        return all
    }
}
