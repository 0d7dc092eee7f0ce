extension KubeConfiguration {
    /// Finds the configuration as the ecosystem does: the files of `KUBECONFIG`, else the service account of the Pod that
    /// we run in, else `~/.kube/config`.
    ///
    /// - Parameters:
    ///   - context: The context to use instead of the file's current one.
    ///   - environment: The environment; the process's own unless said.
    /// - Returns: the configuration.
    /// - Throws: ``KubeError`` with ``KubeError/Code/configuration``: the file, the field and what to do.
    public static func load(
        context: String? = nil, environment: [String: String] = ProcessEnvironment.variables
    ) throws(KubeError) -> KubeConfiguration {
        if let list = environment["KUBECONFIG"], !list.isEmpty {
            return try kubeconfig(files: list.split(separator: ":").map(String.init), context: context)
        }
        if environment["KUBERNETES_SERVICE_HOST"] != nil { return try inCluster(environment: environment) }
        let home = environment["HOME"] ?? "/root"
        return try kubeconfig(files: ["\(home)/.kube/config"], context: context)
    }

    /// Reads kubeconfig files; of entries with the same name the first file's counts, as for kubectl.
    ///
    /// Files that do not exist are left out, as long as one does.
    ///
    /// - Parameters:
    ///   - files: The paths, most important first.
    ///   - context: The context to use instead of the current one.
    /// - Returns: the configuration.
    /// - Throws: ``KubeError`` with ``KubeError/Code/configuration``: the file, the field and what to do.
    public static func kubeconfig(files: [String], context: String? = nil) throws(KubeError) -> KubeConfiguration {
        var merged = Kubeconfig()
        var missing: [String] = []
        for path in files where !path.isEmpty {
            let bytes: [UInt8]
            do throws(SmallFile.Failure) {
                bytes = try SmallFile.read(path, limit: 8 << 20)
            } catch {
                guard error.isMissing else {
                    throw .configuration(path, nil, "cannot be read: \(error)", "give this user the right to read it")
                }
                missing.append(path)
                continue
            }
            try merged.add(path: path, bytes: bytes)
        }
        guard !merged.isEmpty else {
            throw .configuration(
                missing.joined(separator: ":"), nil, "there is no such file",
                "set KUBECONFIG to the path of a kubeconfig file, or run in a Pod")
        }
        return try merged.configuration(context: context)
    }
}

extension KubeError {
    /// The error for a mistake in a configuration.
    ///
    /// - Parameters:
    ///   - file: The file, or where else the configuration is from.
    ///   - field: The field at fault.
    ///   - problem: What is wrong; never a secret.
    ///   - remedy: What to do.
    /// - Returns: the error.
    static func configuration(_ file: String, _ field: String?, _ problem: String, _ remedy: String) -> KubeError {
        KubeError(
            .configuration, RequestSubject("read", file, field),
            problem: remedy.isEmpty ? problem : "\(problem); \(remedy)")
    }
}
