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

    /// Writes a file for this user only, as kubelet does: another one in its place.
    ///
    /// - Parameters:
    ///   - name: Its name in the folder.
    ///   - text: What it holds.
    /// - Returns: its path.
    /// - Throws: what the file system says.
    @discardableResult
    public func write(_ name: String, _ text: String) throws -> String {
        let file = "\(path)/\(name)"
        try text.write(toFile: "\(file).new", atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: "\(file).new")
        guard rename("\(file).new", file) == 0 else { throw SupportError("cannot rename \(file).new: errno \(errno)") }
        return file
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
