/// A promise of the engine that was broken.
struct Violation: Error, CustomStringConvertible {
    let text: String

    var description: String { text }
}
