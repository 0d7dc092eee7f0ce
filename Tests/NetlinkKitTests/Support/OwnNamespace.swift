import NetlinkKit

/// Runs work on a thread of its own in a new network namespace, which ends with the work and what it left open.
func inOwnNamespace<Value>(_ work: () throws -> Value) throws -> Value {
    try NetworkNamespace.create().perform { Result(catching: work) }.get()
}
