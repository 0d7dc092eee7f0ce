public import IPAMCore
public import JSONTree

/// An invocation of a plugin, checked and typed: a pure function of environment, standard input, and what a path is.
public enum CNIInvocation: Sendable {
    /// Attach a container.
    case add(CNIAddRequest)
    /// Undo an attachment.
    case delete(CNIDeleteRequest)
    /// Verify an attachment.
    case check(CNICheckRequest)
    /// Remove what belongs to no valid attachment.
    case collectGarbage(CNIGarbageRequest)
    /// Tell whether an attachment would be served.
    case status(CNIStatusRequest)
    /// Tell the versions; with the `cniVersion` of the question, if there was one.
    case version(String?)

    /// Reads standard input in the light of the environment.
    ///
    /// - Parameters:
    ///   - parameters: The environment, already checked.
    ///   - document: Standard input, already read; see ``document(in:)``.
    ///   - input: Standard input as it came.
    ///   - supported: The versions that the plugin speaks.
    ///   - deadline: When the answer has to be there.
    ///   - namespaceKind: Tells what a path is.
    /// - Throws: ``CNIError``, in the order configuration, previous result for `CHECK` and list for `GC`, namespace.
    public init(
        _ parameters: CNIParameters, document: JSONValue, input: [UInt8],
        supported: [CNIVersion] = CNIVersion.allCases, deadline: MonotonicInstant,
        namespaceKind: (String) -> NamespaceKind
    ) throws(CNIError) {
        func call() throws(CNIError) -> CNICall {
            let configuration = try CNIConfiguration(document, for: parameters.command, supported: supported)
            return CNICall(
                command: parameters.command, configuration: configuration, environment: parameters.environment,
                input: input, deadline: deadline)
        }
        switch parameters.command {
        case .version:
            self = .version(document["cniVersion"]?.stringValue)
        case .add:
            self = .add(
                CNIAddRequest(
                    call: try call(), attachment: try parameters.requireAttachment(),
                    namespacePath: try parameters.requireNamespace(namespaceKind), arguments: parameters.arguments))
        case .check:
            let call = try call()
            let result = try call.requirePreviousResult()
            self = .check(
                CNICheckRequest(
                    call: call, attachment: try parameters.requireAttachment(),
                    namespacePath: try parameters.requireNamespace(namespaceKind), arguments: parameters.arguments,
                    previousResult: result))
        case .delete:
            self = .delete(
                CNIDeleteRequest(
                    call: try call(), attachment: try parameters.requireAttachment(),
                    namespacePath: try? parameters.requireNamespace(namespaceKind), arguments: parameters.arguments))
        case .collectGarbage:
            let call = try call()
            guard let valid = call.configuration.validAttachments else {
                throw CNIError(
                    .invalidConfiguration, "missing list of valid attachments",
                    details: "cni.dev/valid-attachments: GC needs it, be it empty; nothing was removed")
            }
            self = .collectGarbage(CNIGarbageRequest(call: call, validAttachments: valid))
        case .status:
            self = .status(CNIStatusRequest(call: try call()))
        }
    }

    /// Reads standard input as one JSON document.
    ///
    /// - Throws: ``CNIError`` with code 6 that names line and column.
    public static func document(in input: [UInt8]) throws(CNIError) -> JSONValue {
        do throws(JSONParseError) {
            return try JSONValue(parsing: input.span, limits: JSONLimits(maximumBytes: maximumInputBytes))
        } catch {
            throw CNIError(.decodingFailed, "cannot decode network config", details: "standard input: \(error)")
        }
    }

    /// The longest standard input that is read, in bytes.
    public static let maximumInputBytes = 4 << 20
}

extension CNIParameters {
    /// The path of a namespace that can be worked in.
    fileprivate func requireNamespace(_ kind: (String) -> NamespaceKind) throws(CNIError) -> String {
        let path = namespacePath ?? ""
        let reason: String
        switch kind(path) {
        case .other: return path
        case .own where allowsOwnNamespace: return path
        case .own:
            throw CNIError(
                .invalidNamespace, "plugin's netns and netns from CNI_NETNS should not be the same",
                details: "CNI_NETNS=\(path.quoted); set CNI_NETNS_OVERRIDE=1 if that is meant")
        case .missing: reason = "does not exist or cannot be looked at"
        case .somethingElse: reason = "is not a network namespace"
        }
        throw CNIError(.invalidNamespace, "unusable CNI_NETNS", details: "CNI_NETNS=\(path.quoted) \(reason)")
    }
}
