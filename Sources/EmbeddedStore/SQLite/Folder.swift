internal import Glibc

/// Puts the names in the folder of a file on the disk: that of a new file is not there before.
///
/// - Parameters:
///   - name: The file, or folder, that was made or renamed.
///   - path: What an error names; `name` itself unless given.
/// - Throws: ``StoreError`` when the disk refuses. A folder that may not be read cannot be synced and is passed over.
func syncFolder(of name: String, for path: String? = nil) throws(StoreError) {
    let folder = folderName(of: name)
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    // EINVAL: a file system that has nothing to sync here.
    guard fsync(descriptor) == 0 || errno == EINVAL else {
        throw StoreError(systemError: errno, path: path ?? name, subject: "folder \(folder)", otherwise: .inputOutput)
    }
}

/// The path of the folder that a file is in.
func folderName(of path: String) -> String {
    guard let end = path.lastIndex(of: "/") else { return "." }
    return end == path.startIndex ? "/" : String(path[..<end])
}
