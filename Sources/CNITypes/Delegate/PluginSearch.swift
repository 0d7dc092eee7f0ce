internal import Glibc

/// Finding executables of plugins.
enum PluginSearch {
    /// The first regular, executable file of that name in the directories of a search path.
    ///
    /// - Parameters:
    ///   - type: The name.
    ///   - path: Directories, separated by `:`; empty ones are passed over.
    /// - Returns: the path of the file, or `nil`.
    static func find(_ type: PluginType, in path: String) -> String? {
        for directory in path.utf8.split(separator: UInt8(ascii: ":")) {
            guard let directory = String(directory) else { continue }
            let candidate = directory.hasSuffix("/") ? directory + type.text : "\(directory)/\(type.text)"
            if isExecutable(candidate) { return candidate }
        }
        return nil
    }

    private static func isExecutable(_ path: String) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        return unsafe access(path, X_OK) == 0
    }
}
