/// A plugin: one function per command, from a typed request to a typed answer.
///
/// Everything around it — environment, standard input, versions, errors, output, exit code — is done by
/// ``CNIPluginMain/run(_:)``. The whole main file of a plugin:
///
/// ```swift
/// import CNITypes
/// import Glibc
///
/// exit(CNIPluginMain.run(MyPlugin()))
/// ```
///
/// Functions must not write to standard output, and should give up at the deadline of their request.
public protocol CNIPlugin {
    /// The plugin's name and version, for people who start it by hand.
    var about: String { get }

    /// The versions that the plugin speaks, oldest first; all of this library unless said.
    var supportedVersions: [CNIVersion] { get }

    /// Attaches a container.
    ///
    /// - Throws: ``CNIError``; the runtime then calls ``delete(_:)``.
    func add(_ request: CNIAddRequest) throws(CNIError) -> CNIResult

    /// Undoes an attachment; what does not exist any more is no error.
    ///
    /// - Throws: ``CNIError`` when something is left and repeating the call may help.
    func delete(_ request: CNIDeleteRequest) throws(CNIError)

    /// Verifies an attachment and changes nothing.
    ///
    /// - Throws: ``CNIError`` for what is not as it was made.
    func check(_ request: CNICheckRequest) throws(CNIError)

    /// Removes what belongs to no valid attachment of this network.
    ///
    /// - Throws: ``CNIError`` for what could not be removed, after trying everything.
    func collectGarbage(_ request: CNIGarbageRequest) throws(CNIError)

    /// Returns when an attachment would be served now.
    ///
    /// - Throws: ``CNIError`` with code 50 or 51 when it would not.
    func status(_ request: CNIStatusRequest) throws(CNIError)
}

extension CNIPlugin {
    /// All versions of this library.
    public var supportedVersions: [CNIVersion] { CNIVersion.allCases }
}
