/// `ADD`: attach a container.
public struct CNIAddRequest: Sendable {
    /// The configuration and what else all commands have.
    public let call: CNICall
    /// The container and the interface within it.
    public let attachment: CNIAttachment
    /// Path of the container's network namespace; it exists and, unless overridden, is not the plugin's own.
    public let namespacePath: String
    /// What the runtime tells about the container.
    public let arguments: CNIArguments

    /// The result of the plugins before; `nil` for the first one.
    public var previousResult: CNIResult? { call.configuration.previousResult }

    /// The result of the plugins before, for plugins that cannot be the first.
    ///
    /// - Throws: ``CNIError`` with code 7 without one.
    public func requirePreviousResult() throws(CNIError) -> CNIResult { try call.requirePreviousResult() }
}

/// `DEL`: undo an attachment, as far as it exists, any number of times.
public struct CNIDeleteRequest: Sendable {
    /// The configuration and what else all commands have.
    public let call: CNICall
    /// The container and the interface within it.
    public let attachment: CNIAttachment
    /// Path of the container's network namespace; `nil` when it is not told, does not exist any more, is none, or is
    /// the plugin's own without an override: then nothing within it has to be undone.
    public let namespacePath: String?
    /// What the runtime tells about the container, perhaps nothing.
    public let arguments: CNIArguments

    /// The result of `ADD`; runtimes hand it over from version 0.4.0 on.
    public var previousResult: CNIResult? { call.configuration.previousResult }
}

/// `CHECK`: verify an attachment.
public struct CNICheckRequest: Sendable {
    /// The configuration and what else all commands have.
    public let call: CNICall
    /// The container and the interface within it.
    public let attachment: CNIAttachment
    /// Path of the container's network namespace; it exists and, unless overridden, is not the plugin's own.
    public let namespacePath: String
    /// What the runtime tells about the container.
    public let arguments: CNIArguments
    /// The result of `ADD`.
    public let previousResult: CNIResult
}

/// `GC`: remove what belongs to no valid attachment of this network.
public struct CNIGarbageRequest: Sendable {
    /// The configuration and what else all commands have.
    public let call: CNICall
    /// All attachments that must stay; when it is empty, nothing is attached.
    public let validAttachments: Set<CNIAttachment>
}

/// `STATUS`: tell whether `ADD` would be served.
public struct CNIStatusRequest: Sendable {
    /// The configuration and what else all commands have.
    public let call: CNICall
}

extension CNICall {
    func requirePreviousResult() throws(CNIError) -> CNIResult {
        guard let result = configuration.previousResult else {
            throw CNIError(
                .invalidConfiguration, "missing prevResult",
                details: "prevResult: \(command.rawValue) of this plugin needs the result of the plugins before it")
        }
        return result
    }
}
