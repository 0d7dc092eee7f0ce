internal import IPAMCore

/// What the environment variables of an invocation say, checked as far as it can be without looking at the system.
public struct CNIParameters: Sendable {
    /// What is asked.
    public let command: CNICommand

    /// The attachment that it is about; `nil` for `GC`, `STATUS` and `VERSION`.
    public let attachment: CNIAttachment?

    /// The text of `CNI_NETNS`; `nil` when absent or empty.
    public let namespacePath: String?

    /// The pairs of `CNI_ARGS`.
    public let arguments: CNIArguments

    /// Whether the namespace may be the plugin's own (`CNI_NETNS_OVERRIDE`).
    public let allowsOwnNamespace: Bool

    /// All variables, for delegated plugins.
    public let environment: [String: String]

    /// Checks the variables in the order that the protocol prescribes.
    ///
    /// - Returns: `nil` without `CNI_COMMAND`: somebody started the plugin by hand.
    /// - Throws: ``CNIError`` with code 4: for an unknown command, then for all missing variables at once, then for the
    ///   first that is wrong.
    public init?(_ environment: [String: String]) throws(CNIError) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        guard let text = value("CNI_COMMAND") else { return nil }
        guard let command = CNICommand(rawValue: text) else {
            let known = CNICommand.allCases.map(\.rawValue).joined(separator: ", ")
            throw CNIError(
                .invalidEnvironment, "unknown CNI_COMMAND: \(text.prefix(64))", details: "must be one of \(known)")
        }
        self.command = command
        self.environment = environment
        namespacePath = value("CNI_NETNS")
        let override = value("CNI_NETNS_OVERRIDE")?.lowercased()
        allowsOwnNamespace = override == "1" || override == "true"
        guard command.concernsAttachment else {
            attachment = nil
            arguments = CNIArguments()
            return
        }
        let required =
            command == .delete
            ? ["CNI_CONTAINERID", "CNI_IFNAME"] : ["CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME"]
        let missing = required.filter { value($0) == nil }
        guard missing.isEmpty, let containerID = value("CNI_CONTAINERID"), let interfaceName = value("CNI_IFNAME")
        else {
            throw CNIError(
                .invalidEnvironment, "required env variables [\(missing.joined(separator: ","))] missing",
                details: "\(command.rawValue) needs \(required.joined(separator: ", "))")
        }
        guard let containerID = ContainerID(containerID) else {
            throw .environment("CNI_CONTAINERID", containerID, NameRule.words)
        }
        guard let interfaceName = InterfaceName(interfaceName) else {
            throw .environment("CNI_IFNAME", interfaceName, InterfaceName.rule)
        }
        attachment = CNIAttachment(containerID: containerID, interfaceName: interfaceName)
        arguments = try CNIArguments(parsing: value("CNI_ARGS") ?? "", isLenient: command.isLenient)
    }

    /// The attachment, for the commands that are about one.
    func requireAttachment() throws(CNIError) -> CNIAttachment {
        guard let attachment else {
            throw CNIError(.invalidEnvironment, "required env variables [CNI_CONTAINERID,CNI_IFNAME] missing")
        }
        return attachment
    }
}
