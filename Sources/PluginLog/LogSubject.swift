public import CNITypes
internal import IPAMCore

extension CNIAddRequest {
    /// Who the lines of this call are about, for ``PluginLog``.
    public var logSubject: [(String, String)] {
        attachment.subject(action: "ADD", namespacePath) + arguments.subject
    }
}

extension CNIDeleteRequest {
    /// Who the lines of this call are about, for ``PluginLog``.
    public var logSubject: [(String, String)] {
        attachment.subject(action: "DEL", namespacePath ?? "") + arguments.subject
    }
}

extension CNIGarbageRequest {
    /// Who the lines of this call are about, for ``PluginLog``.
    public var logSubject: [(String, String)] {
        [("Action", "GC"), ("Network", call.configuration.name.text)]
    }
}

extension CNIAttachment {
    fileprivate func subject(action: String, _ namespacePath: String) -> [(String, String)] {
        [
            ("Action", action), ("ContainerID", containerID.text), ("IfName", interfaceName.text),
            ("Netns", namespacePath),
        ]
    }
}

extension CNIArguments {
    fileprivate var subject: [(String, String)] {
        [("PodName", podName ?? ""), ("PodNamespace", podNamespace ?? ""), ("PodUID", podUID ?? "")]
    }
}
