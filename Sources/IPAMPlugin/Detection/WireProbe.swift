public import CNITypes

/// How the plugin asks the wire; tests give their own answers.
///
/// The plugin itself knows no sockets, so that tools which read its settings need not be linked with them.
public struct WireProbe: Sendable {
    /// Asks.
    ///
    /// Throws `CNIError` when it cannot be found out: code 11 when trying again may help.
    public var ask: @Sendable (WireQuestion) throws(CNIError) -> WireAnswer

    /// Makes a probe.
    public init(ask: @escaping @Sendable (WireQuestion) throws(CNIError) -> WireAnswer) { self.ask = ask }

    /// There is no wire to ask.
    public static let none = WireProbe { _ in .notAsked("this program cannot ask the wire") }
}
