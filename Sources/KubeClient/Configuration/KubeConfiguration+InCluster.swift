extension KubeConfiguration {
    /// Where kubelet puts the service account's files.
    public static let serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount"

    /// The identity of the Pod that this process runs in.
    ///
    /// - Parameters:
    ///   - folder: Where the files `token`, `ca.crt` and `namespace` are.
    ///   - environment: The environment; the process's own unless said.
    /// - Returns: the configuration; the token is read anew when kubelet renews it.
    /// - Throws: ``KubeError`` with ``KubeError/Code/configuration``: the file or variable and what to do.
    public static func inCluster(
        folder: String = serviceAccountFolder, environment: [String: String] = ProcessEnvironment.variables
    ) throws(KubeError) -> KubeConfiguration {
        func variable(_ name: String) throws(KubeError) -> String {
            guard let value = environment[name], !value.isEmpty else {
                throw .configuration("environment", name, "it is not set", "run in a Pod, or set KUBECONFIG")
            }
            return value
        }
        func file(_ name: String) throws(KubeError) -> [UInt8] {
            let path = "\(folder)/\(name)"
            do throws(SmallFile.Failure) {
                return try SmallFile.read(path, limit: 1 << 20)
            } catch {
                throw .configuration(
                    path, nil, "cannot be read: \(error)", "let the Pod mount its service account's token")
            }
        }
        let host = try variable("KUBERNETES_SERVICE_HOST")
        let text = try variable("KUBERNETES_SERVICE_PORT")
        guard let port = UInt16(text), port > 0 else {
            throw .configuration(
                "environment", "KUBERNETES_SERVICE_PORT", "it is no port", "set a number from 1 to 65535")
        }
        let authorities = try file("ca.crt")
        _ = try file("token")
        let namespace = (try? file("namespace")).map { String(decoding: $0, as: UTF8.self).trimmed }
        return KubeConfiguration(
            server: ServerAddress(host: host, port: Int(port)), trust: .authorities(authorities),
            bearer: .file("\(folder)/token"), namespace: namespace.flatMap { $0.isEmpty ? nil : $0 } ?? "default",
            origin: "the service account in \(folder)")
    }
}

extension String {
    /// The text without blanks and line breaks at its ends.
    var trimmed: String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r" || $0 == "\r\n" }
        var rest = drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return String(rest)
    }
}
