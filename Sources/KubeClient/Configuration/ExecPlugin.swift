internal import JSONTree

/// A program that prints credentials, as `exec` of a kubeconfig names it (`client.authentication.k8s.io`).
public struct ExecPlugin: Sendable, Hashable {
    /// Versions that are spoken.
    static let versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]

    let apiVersion: String
    let command: String
    let arguments: [String]
    let environment: [String: String]
    let installHint: String?
    /// What the program gets to know of the server, when it wants to.
    let providesClusterInfo: Bool
    /// Where it is from, for messages.
    let origin: String

    init(_ reader: ConfigurationReader) throws(KubeError) {
        apiVersion = try reader.required("apiVersion", "write \(Self.versions[0])")
        guard Self.versions.contains(apiVersion) else {
            throw reader.failure(
                "apiVersion", "the version is not supported", "use one of \(Self.versions.joined(separator: ", "))")
        }
        let command = try reader.required("command", "write the program's name or path")
        // A name without a slash is looked for in PATH; a relative path begins at the file's folder.
        self.command = command.contains("/") ? try reader.path("command") ?? command : command
        arguments = try reader.strings("args")
        var environment: [String: String] = [:]
        for entry in try reader.objects("env") {
            environment[try entry.required("name", "name the variable")] = try entry.string("value") ?? ""
        }
        self.environment = environment
        installHint = try reader.string("installHint")
        providesClusterInfo = try reader.bool("provideClusterInfo")
        if try reader.string("interactiveMode") == "Always" {
            throw reader.failure(
                "interactiveMode", "nobody is here to be asked", "use a program that needs no terminal")
        }
        origin = reader.file
    }
}
