internal import JSONTree
internal import NIOHTTP1

/// One request to the API server.
struct APIRequest: Sendable {
    var subject: RequestSubject
    let method: HTTPMethod
    let path: String
    var query: [(name: String, value: String)] = []
    var accept = "application/json"
    var contentType: String?
    var body: [UInt8]?
    /// Whether the server may compress a large answer.
    var takesCompressed = false

    init(_ subject: RequestSubject, _ method: HTTPMethod, _ path: String) {
        self.subject = subject
        self.method = method
        self.path = path
    }

    /// Path and query as they stand in the request.
    var target: String {
        guard !query.isEmpty else { return path }
        return path + "?" + query.map { "\($0.name)=\($0.value.percentEncoded)" }.joined(separator: "&")
    }
}
