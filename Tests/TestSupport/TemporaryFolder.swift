internal import Foundation

/// A folder that is gone with the value.
public final class TemporaryFolder: Sendable {
    /// Where it is.
    public let path: String

    /// Makes one.
    ///
    /// - Throws: what the file system says.
    public init() throws {
        path = FileManager.default.temporaryDirectory.path + "/spiderpool-test-\(UUID().uuidString.lowercased())"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
