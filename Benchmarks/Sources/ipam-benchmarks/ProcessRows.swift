import Glibc

/// Wall time of whole processes that only say their version, one after the other in turn.
///
/// - Parameter ipam: path of the plugin; without it the rows are left out and a note says so.
/// - Returns: a row for each program, and the ratios.
func processRows(ipam: String?) -> [Row] {
    guard let ipam else {
        print("note: no process rows, since no --ipam PATH was given")
        return []
    }
    let group = "process"
    let directory = "/tmp/ipam-benchmarks.\(getpid())"
    mkdir(directory, 0o700)
    func cleanUp() {
        unlink(directory + "/print-line")
        unlink(directory + "/input.json")
        rmdir(directory)
    }
    func stop(_ reason: String) -> Never {
        cleanUp()
        fail(reason)
    }
    defer { cleanUp() }
    write("{\"cniVersion\": \"1.0.0\"}\n", to: directory + "/input.json")
    let source = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/Programs/print-line.c"
    guard run(["cc", "-static", "-O2", source, "-o", directory + "/print-line"], input: "/dev/null") == 0 else {
        stop("cc -static could not build \(source)")
    }
    let programs = [
        ("ipam VERSION", ipam), ("static C program that prints a line", directory + "/print-line"),
        ("host-local VERSION (Go)", "/usr/lib/cni/host-local"),
    ]
    for program in programs where access(program.1, X_OK) != 0 { stop("\(program.1) cannot be executed") }
    var samples = programs.map { _ in [Double]() }
    for round in 0..<(10 + 300) {
        for (index, program) in programs.enumerated() {
            let start = nanoseconds(CLOCK_MONOTONIC)
            let status = run([program.1], input: directory + "/input.json")
            let end = nanoseconds(CLOCK_MONOTONIC)
            guard status == 0 else { stop("\(program.1) ended with status \(status)") }
            if round >= 10 { samples[index].append(Double(end - start) / 1_000_000) }
        }
    }
    var rows = programs.indices.map { Row(group, programs[$0].0, samples: samples[$0], unit: "ms") }
    let first = rows[0]
    for (row, limit) in zip(rows.dropFirst(), [1.5, 1.0]) {
        rows.append(
            Row(
                group, "ipam against \(row.name)", value: first.median / row.median, unit: "×", target: .atMost(limit))
        )
    }
    return rows
}

/// Runs a program found in `PATH` with its output thrown away.
///
/// - Returns: the exit status, 128 plus the signal that ended it, or -1 when it could not be started.
private func run(_ arguments: [String], input: String) -> Int32 {
    start(arguments, ["CNI_COMMAND=VERSION"], input: input, output: "/dev/null").map(wait(for:)) ?? -1
}

/// Starts a program found in `PATH`.
///
/// - Returns: its process, or `nil` when it could not be started.
func start(_ arguments: [String], _ variables: [String], input: String, output: String) -> pid_t? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    argv.append(nil)
    var environment: [UnsafeMutablePointer<CChar>?] = (variables + ["PATH=/usr/bin:/bin"]).map { strdup($0) }
    environment.append(nil)
    defer { for string in argv + environment { free(string) } }
    var child = pid_t()
    return posix_spawnp(&child, arguments[0], &actions, nil, argv, environment) == 0 ? child : nil
}

/// Waits for the end of a process.
///
/// - Returns: the exit status, or 128 plus the signal that ended it.
func wait(for child: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 { guard errno == EINTR else { return -1 } }
    return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
}

/// Ends the program: a measurement that was asked for could not be made.
func fail(_ reason: String) -> Never {
    print("error: \(reason)")
    exit(1)
}

/// Writes a small file; the program ends when that fails.
func write(_ text: String, to path: String) {
    guard let file = fopen(path, "w"), fputs(text, file) >= 0, fclose(file) == 0 else {
        fail("\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
}
