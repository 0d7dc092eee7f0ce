internal import CNITypes
internal import JSONTree

/// Keys of coordinator settings in one place: the network's configuration, the host's file, or the agent's answer.
struct SettingsSource {
    /// The keys; read without regard to case.
    let reader: JSONFieldReader
    /// What the place is called in messages; empty for the network's configuration.
    let name: String

    init(_ object: JSONObject, name: String) {
        reader = JSONFieldReader(object, keys: .caseInsensitive)
        self.name = name
    }

    /// Whether a key says something: `null` and an empty text do not, an empty list does.
    func says(_ key: String) -> Bool {
        guard let value = reader.value(at: key) else { return false }
        return value.stringValue != ""
    }

    /// Reads something, with errors that name the place.
    func read<Value>(
        _ body: (JSONFieldReader) throws(JSONFieldError) -> Value
    ) throws(CNIError) -> Value {
        do throws(JSONFieldError) {
            return try body(reader)
        } catch {
            throw refusal("invalid network config", "\(error)")
        }
    }

    /// An error about a key of this place.
    func refusal(_ message: String, _ details: String) -> CNIError {
        CNIError(.invalidConfiguration, message, details: name.isEmpty ? details : "\(name): \(details)")
    }
}
