internal import Foundation

/// A program that ends by itself.
public struct Command: Sendable {
    /// What a program left.
    public struct Result: Sendable {
        /// Its exit status.
        public let status: Int32
        /// What it wrote to standard output.
        public let output: String
        /// What it wrote to standard error.
        public let errors: String
    }

    /// The executable and its arguments.
    public let words: [String]
    /// Variables besides those of this process.
    public var environment: [String: String] = [:]

    /// Makes a command; the first word is looked up on PATH when it is no path.
    public init(_ words: [String], environment: [String: String] = [:]) {
        self.words = words
        self.environment = environment
    }

    /// Runs it to its end.
    ///
    /// - Parameter input: What it reads from standard input.
    /// - Returns: what it left, whatever its status.
    /// - Throws: what the system says when it cannot be started.
    public func run(input: String = "") async throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let (given, output, errors) = (Pipe(), Pipe(), Pipe())
        process.standardInput = given
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // Each pipe on a thread of its own: a full one must not stop the program.
        async let written: Void = Self.onThread {
            try? given.fileHandleForWriting.write(contentsOf: Data(input.utf8))
            try? given.fileHandleForWriting.close()
        }
        async let text = Self.onThread {
            String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        }
        async let complaint = Self.onThread {
            String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        }
        let (said, complained) = await (text, complaint)
        await written
        await Self.onThread { process.waitUntilExit() }
        return Result(status: process.terminationStatus, output: said, errors: complained)
    }

    /// Runs it and takes its output.
    ///
    /// - Throws: ``SupportError`` with what it said when its status is not 0.
    @discardableResult
    public func output(input: String = "") async throws -> String {
        let result = try await run(input: input)
        guard result.status == 0 else {
            throw SupportError(
                "\(words.joined(separator: " ")): status \(result.status): \(result.errors)\(result.output)")
        }
        return result.output
    }

    private static func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: body()) }
        }
    }
}
