/// Waits until something holds that others bring about and nobody tells.
///
/// - Parameters:
///   - what: What is waited for, for the error.
///   - limit: When to give up.
///   - holds: Asks for it.
/// - Throws: ``SupportError`` when it does not hold in time, and what `holds` throws.
public func eventually(
    _ what: String, within limit: Duration = .seconds(30), _ holds: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !holds() {
        guard ContinuousClock.now < end else { throw SupportError("not within \(limit): \(what)") }
        try await Task.sleep(for: .milliseconds(20))  // proof: what is waited for tells nobody
    }
}
