/// What a request is about, for errors.
struct RequestSubject: Sendable {
    let verb: String
    let resource: String
    let name: String?

    init(_ verb: String, _ resource: String, _ name: String? = nil) {
        self.verb = verb
        self.resource = resource
        self.name = name
    }

    /// Whether an answer that got lost leaves open what happened.
    var isWrite: Bool { ["create", "replace", "patch", "delete"].contains(verb) }
}
