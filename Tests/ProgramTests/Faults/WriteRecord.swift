import Testing

/// What programs did to the bytes of a state file and its log, in order.
struct WriteRecord {
    enum Step {
        case write(file: String, offset: Int, bytes: [UInt8])
        case truncate(file: String, size: Int)
        /// From here on, what was done to the file before is on the disk.
        case sync(file: String)
        /// A program has told its caller that this is on the disk.
        case promise(Promise)

        var file: String? {
            switch self {
            case .write(let file, _, _), .truncate(let file, _), .sync(let file): file
            case .promise: nil
            }
        }
    }

    /// What must outlive a power loss.
    struct Promise: Equatable {
        var pools: [String] = []
        /// Owners of fixed addresses, with the address.
        var fixed: [String: String] = [:]
    }

    /// The calls to record.
    static let calls = ["openat", "close", "pwrite64", "ftruncate", "fsync", "fdatasync"]

    /// What the disk held before the first step.
    let start: StateImage
    var steps: [Step] = []

    init(startingWith start: StateImage) { self.start = start }

    /// Adds what one program did, as `strace -xx` recorded it.
    mutating func add(_ calls: [TracedCall]) throws {
        var names: [Int64: String] = [:]
        for call in calls where call.result >= 0 {
            let parts = call.arguments.split(separator: ", ", omittingEmptySubsequences: false)
            let descriptor = parts.first.flatMap { Int64($0) } ?? -1
            switch call.name {
            case "openat":
                let path = String(decoding: Self.bytes(parts[1]), as: UTF8.self)
                names[call.result] = path.split(separator: "/").last.map(String.init)
            case "close":
                names[descriptor] = nil
            default:
                guard let file = names[descriptor], file == "ipam.db" || file == "ipam.db-wal" else { continue }
                if call.name == "pwrite64" {
                    let bytes = Self.bytes(parts[1])
                    try #require(bytes.count == Int(call.result))
                    steps.append(.write(file: file, offset: try #require(Int(parts[3])), bytes: bytes))
                } else if call.name == "ftruncate" {
                    steps.append(.truncate(file: file, size: try #require(Int(parts[1]))))
                } else {
                    steps.append(.sync(file: file))
                }
            }
        }
    }

    /// The bytes of `"\x61\x62"`.
    private static func bytes(_ text: Substring) -> [UInt8] {
        text.split(separator: "\"").first.map { $0.split(separator: "\\x").compactMap { UInt8($0, radix: 16) } } ?? []
    }

    /// What the disk may hold after the power was cut when `count` steps were done: all that was synced, and of the rest
    /// anything, also parts of one write, and later ones without earlier ones.
    func image<Random: RandomNumberGenerator>(cutAfter count: Int, _ random: inout Random) -> StateImage {
        var image = start
        image.files["ipam.db-shm"] = nil
        let done = steps[..<count]
        let loss = Int.random(in: 0...4, using: &random)
        for (index, step) in done.enumerated() {
            guard let file = step.file else { continue }
            let isSynced = done[index...].contains {
                if case .sync(file) = $0 { true } else { false }
            }
            if !isSynced, Int.random(in: 0..<4, using: &random) < loss {
                if case .write(_, let offset, let bytes) = step, Bool.random(using: &random) {
                    // The disk writes sectors.
                    let sector = 512
                    let cut = min(bytes.count, Int.random(in: 0...bytes.count / sector, using: &random) * sector)
                    Self.write(bytes[..<cut], at: offset, into: &image.files[file, default: []])
                }
                continue
            }
            switch step {
            case .write(_, let offset, let bytes):
                Self.write(bytes[...], at: offset, into: &image.files[file, default: []])
            case .truncate(_, let size):
                image.files[file, default: []] = Array(image.files[file, default: []].prefix(size))
            case .sync, .promise: break
            }
        }
        return image
    }

    private static func write(_ bytes: ArraySlice<UInt8>, at offset: Int, into file: inout [UInt8]) {
        if bytes.isEmpty { return }
        if file.count < offset + bytes.count {
            file += [UInt8](repeating: 0, count: offset + bytes.count - file.count)
        }
        file.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    }

    /// What was promised within the first steps.
    func promise(after count: Int) -> Promise? {
        for case .promise(let promise) in steps[..<count].reversed() { return promise }
        return nil
    }
}
