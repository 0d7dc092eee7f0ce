import Glibc

/// What a command said and how it ended.
struct Shell {
    let output: String
    let status: CInt

    /// Runs a command in the shell, in the namespace of the calling thread.
    init(_ command: String) throws {
        guard let stream = popen(command, "re") else { throw Failure(text: "popen: \(errno)") }
        var output: [UInt8] = []
        while case let octet = fgetc(stream), octet != EOF { output.append(UInt8(octet)) }
        status = pclose(stream)
        self.output = String(decoding: output, as: UTF8.self)
    }

    /// The output of a command that must succeed, without the newline at its end.
    static func output(_ command: String) throws -> String {
        let run = try Shell(command)
        guard run.status == 0 else { throw Failure(text: "\(command): status \(run.status)") }
        return run.output.last == "\n" ? String(run.output.dropLast()) : run.output
    }

    struct Failure: Error {
        let text: String
    }
}
