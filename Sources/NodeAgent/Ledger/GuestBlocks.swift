internal import Glibc
public import IPAMCore
internal import Synchronization

/// Which blocks of other nodes this node has written to, on the node's disk: after a restart they have to be looked at, since
/// no watch tells of them.
///
/// One line each, written before the block is. A kill leaves at most a line that says too much.
public final class GuestBlocks: Sendable {
    private let path: String
    private let known: Mutex<Set<BlockKey>>

    /// Opens the list of a node, and reads it; lines that make no sense are passed over.
    ///
    /// - Parameter folder: The ledger's folder, which exists.
    public init(in folder: String) {
        path = "\(folder)/blocks"
        var keys: Set<BlockKey> = []
        if let file = fopen(path, "re") {
            defer { fclose(file) }
            var line = [CChar](repeating: 0, count: 128)
            while fgets(&line, Int32(line.count), file) != nil {
                let text = String(
                    decoding: line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                if let address = IPAddress(text) { keys.insert(BlockKey(containing: address)) }
            }
        }
        known = Mutex(keys)
    }

    /// The blocks.
    public var keys: [BlockKey] { known.withLock { $0.sorted() } }

    /// Adds blocks.
    ///
    /// - Returns: whether they are on the disk.
    public func remember(_ keys: [BlockKey]) -> Bool {
        known.withLock { known in
            let new = keys.filter { !known.contains($0) }
            guard !new.isEmpty else { return true }
            let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { return false }
            defer { close(descriptor) }
            // At the start too, should the last line have been cut off.
            let text = "\n" + new.map { "\($0.base)\n" }.joined()
            guard write(descriptor, text, text.utf8.count) == text.utf8.count else { return false }
            known.formUnion(new)
            return true
        }
    }

    /// Forgets all but these.
    public func keep(_ keys: Set<BlockKey>) {
        known.withLock { known in
            let kept = known.intersection(keys)
            guard kept != known else { return }
            let new = path + ".new"
            guard let file = fopen(new, "we") else { return }
            for key in kept.sorted() { fputs("\(key.base)\n", file) }
            guard fclose(file) == 0, rename(new, path) == 0 else { return }
            known = kept
        }
    }
}
