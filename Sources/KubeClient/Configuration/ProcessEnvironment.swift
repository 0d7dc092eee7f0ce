internal import Glibc

/// The environment of this process.
public enum ProcessEnvironment {
    /// All variables.
    public static var variables: [String: String] {
        var variables: [String: String] = [:]
        for entry in entries {
            guard let separator = entry.firstIndex(of: "=") else { continue }
            variables[String(entry[..<separator])] = String(entry[entry.index(after: separator)...])
        }
        return variables
    }

    private static var entries: [String] {
        let bytes = (try? SmallFile.read("/proc/self/environ", limit: 4 << 20)) ?? []
        return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }
}
