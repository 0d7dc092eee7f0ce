internal import IPAMCore
internal import JSONTree
internal import NIOPosix

/// Knows the present credential: reads token files anew, runs credential programs again before what they gave expires.
actor CredentialSource {
    private let configuration: KubeConfiguration
    private let time: TimeSource
    private var current: Credential?
    private var generation = 0
    /// When ``current`` was read, and what the file looked like then.
    private var readAt: MonotonicInstant?
    private var fingerprint: SmallFile.Fingerprint?
    private var expires: Timestamp?
    /// The program that runs at the moment; whoever comes meanwhile waits for the same.
    private var running: Task<Result<ExecCredential, KubeError>, Never>?

    /// A token file is read again after this time even when it looks the same.
    private static let longestAge = Duration.seconds(60)
    /// A credential is renewed this long before it expires.
    private static let margin = Duration.seconds(10)

    init(_ configuration: KubeConfiguration, time: TimeSource) {
        self.configuration = configuration
        self.time = time
    }

    /// The credential to use now.
    func credential() async throws(KubeError) -> Credential {
        switch configuration.bearer {
        case .none, .token:
            if let current { return current }
            guard case .token(let token) = configuration.bearer else { return adopt(nil, nil) }
            return adopt(token, nil)
        case .file(let path): return try read(path)
        case .program(let plugin):
            if let current, expires.map({ time.timestamp.adding(Self.margin) < $0 }) ?? true { return current }
            return try await run(plugin)
        }
    }

    /// Forgets a credential that the server did not accept.
    ///
    /// - Returns: whether there may be a better one now.
    func refuse(_ credential: Credential) -> Bool {
        switch configuration.bearer {
        case .none, .token: return false
        case .file, .program:
            guard credential.generation == generation else { return true }
            current = nil
            return true
        }
    }

    private func adopt(_ token: Secret?, _ certificate: KubeConfiguration.ClientCertificate?) -> Credential {
        generation += 1
        let credential = Credential(
            token: token, certificate: certificate ?? configuration.clientCertificate, generation: generation)
        current = credential
        readAt = time.now
        return credential
    }

    private func read(_ path: String) throws(KubeError) -> Credential {
        let found = SmallFile.fingerprint(path)
        if let current, let readAt, found == fingerprint, readAt.duration(to: time.now) < Self.longestAge {
            return current
        }
        let text: String
        do throws(SmallFile.Failure) {
            text = String(decoding: try SmallFile.read(path, limit: 1 << 20), as: UTF8.self).trimmed
        } catch {
            // What was read before is better than nothing: kubelet replaces the file in several steps.
            if let current { return current }
            throw .configuration(
                path, nil, "the token cannot be read: \(error)", "correct the path or the file's rights")
        }
        guard !text.isEmpty else {
            throw .configuration(path, nil, "the token file is empty", "wait for kubelet to write it, or mount it")
        }
        fingerprint = found
        if let current, current.token?.text == text {
            readAt = time.now
            return current
        }
        return adopt(Secret(text), nil)
    }

    private func run(_ plugin: ExecPlugin) async throws(KubeError) -> Credential {
        let before = generation
        let task = running ?? Task { [configuration] in await Self.ask(plugin, about: configuration) }
        running = task
        let result = await task.value
        running = nil
        // Somebody else who waited for the same program may have adopted its answer already.
        if generation != before, let current { return current }
        let credential = try result.get()
        expires = credential.expires
        return adopt(credential.token, credential.certificate)
    }

    private static func ask(
        _ plugin: ExecPlugin, about configuration: KubeConfiguration
    ) async -> Result<ExecCredential, KubeError> {
        var spec: JSONObject = ["interactive": false]
        if plugin.providesClusterInfo { spec.set("cluster", configuration.clusterInfo) }
        let info: JSONValue = [
            "kind": "ExecCredential", "apiVersion": .string(plugin.apiVersion), "spec": .object(spec),
        ]
        var environment = ProcessEnvironment.variables
        environment.merge(plugin.environment) { $1 }
        environment["KUBERNETES_EXEC_INFO"] = info.text()
        func failure(_ problem: String) -> Result<ExecCredential, KubeError> {
            let remedy = plugin.installHint ?? "run it by hand to see why"
            return .failure(.configuration(plugin.origin, "exec.command", "\(plugin.command) \(problem)", remedy))
        }
        let variables = environment
        let deadline = MonotonicInstant.now + .seconds(30)
        do {
            let output = try await NIOThreadPool.singleton.runIfActive {
                try ExecProgram.run(plugin.command, plugin.arguments, environment: variables, until: deadline)
            }
            return .success(try ExecCredential(output, of: plugin))
        } catch let error as KubeError {
            return .failure(error)
        } catch ExecProgram.Failure.notStarted(let errno) {
            return failure("cannot be started: \(SmallFile.Failure(errno: errno, isTooLarge: false))")
        } catch ExecProgram.Failure.ended(let status) {
            return failure("failed with status \(status)")
        } catch ExecProgram.Failure.outputTooLarge {
            return failure("printed more than a mebibyte")
        } catch {
            return failure("did not end within 30 seconds")
        }
    }
}

extension KubeConfiguration {
    /// What a credential program may know of the server.
    fileprivate var clusterInfo: JSONValue {
        var cluster: JSONObject = ["server": .string(server.description)]
        if let serverName { cluster.set("tls-server-name", .string(serverName)) }
        switch trust {
        case .system: break
        case .authorities(let bytes): cluster.set("certificate-authority-data", .string(Base64.encode(bytes)))
        case .none: cluster.set("insecure-skip-tls-verify", true)
        }
        return .object(cluster)
    }
}
