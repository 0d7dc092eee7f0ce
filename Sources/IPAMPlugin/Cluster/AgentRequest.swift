internal import CNITypes
internal import IPAMCore
internal import JSONTree

/// The bodies of the plugin's questions to the agent, keys in the order of the agent's schemas.
enum AgentRequest {
    /// `IpamAddArgs`.
    static func add(_ request: CNIAddRequest, _ settings: IPAMSettings) throws(CNIError) -> JSONObject {
        let pod = try request.arguments.requirePod()
        var body: JSONObject = [
            "containerID": .string(request.attachment.containerID.text),
            "ifName": .string(request.attachment.interfaceName.text),
            "netNamespace": .string(request.namespacePath), "podNamespace": .string(pod.namespace),
            "podName": .string(pod.name), "podUID": .string(request.arguments.podUID ?? ""),
            "defaultIPv4IPPool": settings.ipv4Pools.isEmpty ? .null : .strings(settings.ipv4Pools),
            "defaultIPv6IPPool": settings.ipv6Pools.isEmpty ? .null : .strings(settings.ipv6Pools),
        ]
        if settings.cleanGateway { body["cleanGateway"] = true }
        if settings.matchesMasterSubnet { body["matchMasterSubnet"] = true }
        // The reference knows nothing of it, and passes it over; our agent records it for GC.
        body["network"] = .string(request.call.configuration.name.text)
        return body
    }

    /// `IpamDelArgs`, also for CHECK.
    static func attachment(
        _ attachment: CNIAttachment, _ arguments: CNIArguments, namespacePath: String?
    ) -> JSONObject {
        [
            "containerID": .string(attachment.containerID.text), "ifName": .string(attachment.interfaceName.text),
            "netNamespace": .string(namespacePath ?? ""), "podNamespace": .string(arguments.podNamespace ?? ""),
            "podName": .string(arguments.podName ?? ""), "podUID": .string(arguments.podUID ?? ""),
        ]
    }

    /// `IpamBatchDelArgs`; `ifName` and `conflicts` are additions.
    static func giveUp(_ request: CNIAddRequest, _ conflicts: [AddressDetection.Conflict]) -> JSONObject {
        let arguments = request.arguments
        return [
            "containerID": .string(request.attachment.containerID.text), "netNamespace": .string(request.namespacePath),
            "podNamespace": .string(arguments.podNamespace ?? ""), "podName": .string(arguments.podName ?? ""),
            "podUID": .string(arguments.podUID ?? ""), "isReleaseConflictIPs": .bool(!conflicts.isEmpty),
            "ifName": .string(request.attachment.interfaceName.text),
            "conflicts": .array(
                conflicts.map { conflict in
                    ["address": .string(conflict.address.description), "mac": .string(conflict.user.mac.description)]
                }),
        ]
    }

    /// What is still attached to a network, in a stable order.
    static func garbage(_ request: CNIGarbageRequest) -> JSONObject {
        let valid = request.validAttachments.map { ($0.containerID.text, $0.interfaceName.text) }.sorted { $0 < $1 }
        return [
            "network": .string(request.call.configuration.name.text),
            "validAttachments": .array(valid.map { ["containerID": .string($0.0), "ifName": .string($0.1)] }),
        ]
    }
}
