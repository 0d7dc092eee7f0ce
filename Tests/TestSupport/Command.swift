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
    /// - Throws: ``SupportError`` when it cannot be started.
    public func run(input: String = "") async throws -> Result {
        let (given, output, errors) = (try ChildPipe(), try ChildPipe(), try ChildPipe())
        let child = try await ChildProcess.start(
            words, environment: environment, input: given.reading, output: output.writing, errors: errors.writing)
        for end in [given.reading, output.writing, errors.writing] { try? end.close() }
        // Each pipe on a thread of its own: a full one must not stop the program.
        async let written: Void = Self.onThread {
            try? given.writing.write(contentsOf: Data(input.utf8))
            try? given.writing.close()
        }
        async let text = Self.onThread {
            String(decoding: output.reading.readDataToEndOfFile(), as: UTF8.self)
        }
        async let complaint = Self.onThread {
            String(decoding: errors.reading.readDataToEndOfFile(), as: UTF8.self)
        }
        let (said, complained) = await (text, complaint)
        await written
        return Result(status: await child.wait(), output: said, errors: complained)
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
