/// Variables of the environment, read with errors that name them; an empty one counts as absent.
struct Environment {
    private let values: [String: String]

    init(_ values: [String: String]) { self.values = values }

    func text(_ name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    func required(_ name: String) throws(AgentError) -> String {
        guard let text = text(name) else {
            throw AgentError(.configuration, "\(name) is missing; the Pod's manifest takes it from the downward API")
        }
        return text
    }

    /// What Go's `strconv.ParseBool` takes.
    func bool(_ name: String) throws(AgentError) -> Bool? {
        switch text(name) {
        case nil: return nil
        case "1", "t", "T", "true", "TRUE", "True": return true
        case "0", "f", "F", "false", "FALSE", "False": return false
        case let text?: throw Self.refusal(name, text, "true or false")
        }
    }

    func integer(_ name: String, in range: ClosedRange<Int>) throws(AgentError) -> Int? {
        guard let text = text(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw Self.refusal(name, text, "a number in \(range)")
        }
        return number
    }

    func word(_ name: String, of words: [String]) throws(AgentError) -> String? {
        guard let text = text(name) else { return nil }
        guard words.contains(text.lowercased()) else {
            throw Self.refusal(name, text, "one of \(words.joined(separator: ", "))")
        }
        return text.lowercased()
    }

    /// An absolute path.
    func path(_ name: String) throws(AgentError) -> String? {
        guard let text = text(name) else { return nil }
        guard text.hasPrefix("/") else { throw Self.refusal(name, text, "an absolute path") }
        return text
    }

    private static func refusal(_ name: String, _ text: String, _ expected: String) -> AgentError {
        AgentError(.configuration, "\(name): expected \(expected), got \"\(text.prefix(128))\"")
    }
}
