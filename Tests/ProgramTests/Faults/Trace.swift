import Testing

/// One invocation of a system call by a traced program.
struct TracedCall {
    let name: String
    /// What stands between the parentheses.
    let arguments: Substring
    /// Negative for a failure.
    let result: Int64
}

/// Real programs under `strace`, which sees and stops every system call.
enum Trace {
    /// What changes a file or the names in a folder, or, for locks, delimits the changes of shared memory.
    static let writes = [
        "write", "pwrite64", "ftruncate", "fallocate", "fsync", "fdatasync", "mkdir", "mknod", "link", "rename",
        "unlink", "fcntl",
    ]

    /// The command line that runs a program and records some of its calls in a file.
    ///
    /// - Parameters:
    ///   - arguments: The program and its arguments.
    ///   - calls: The names of the calls.
    ///   - log: Path of the file.
    ///   - hex: Whether texts are shown whole and in hexadecimal.
    /// - Returns: the command line.
    static func command(
        _ arguments: [String], recording calls: [String], to log: String, hex: Bool = false
    ) -> [String] {
        let form = hex ? ["-xx", "-s", "1000000"] : ["-s", "0"]
        return ["strace", "-f", "-qq", "-o", log, "-e", "trace=" + calls.joined(separator: ","), "-e", "signal=none"]
            + form + arguments
    }

    /// The command line that runs a program and kills it when it is about to make a call for the `number`th time.
    static func command(_ arguments: [String], killingAt call: String, number: Int) -> [String] {
        [
            "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(call)", "-e",
            "inject=\(call):signal=SIGKILL:when=\(number)",
        ] + arguments
    }

    /// The calls in a record, also those that failed.
    static func calls(in log: String) -> [TracedCall] {
        log.split(separator: "\n").compactMap { line in
            // 1234  pwrite64(4, "…"..., 24, 9464)     = 24
            guard let open = line.firstIndex(of: "("), let equals = line.lastIndex(of: "="),
                let close = line[..<equals].lastIndex(of: ")"), open < close
            else { return nil }
            let name = line[..<open].split(separator: " ").last.map(String.init) ?? ""
            let result = line[equals...].dropFirst(2).prefix { $0 == "-" || $0.isNumber }
            guard let result = Int64(result) else { return nil }
            return TracedCall(name: name, arguments: line[line.index(after: open)..<close], result: result)
        }
    }
}
