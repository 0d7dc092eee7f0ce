import NetlinkKit

/// A namespace that is set up by shell commands and ends with the test.
enum Laboratory {
    /// Runs the commands, then the body, both in a new namespace.
    static func run<Value>(_ commands: String, _ body: (inout RouteSocket) throws -> Value) throws -> Value {
        try inOwnNamespace {
            if !commands.isEmpty { _ = try Shell.output("set -e\n" + commands) }
            var socket = try RouteSocket()
            return try body(&socket)
        }
    }
}
