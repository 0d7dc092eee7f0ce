public import Foundation

/// A real etcd and a real kube-apiserver on loopback, with data of their own, gone when the process is.
///
/// ```swift
/// let plane = try await ControlPlane.start()
/// try await plane.apply("deploy/crds")
/// let kube = try KubeClient(.kubeconfig(files: [plane.kubeconfigPath], context: nil))
/// …
/// await plane.stop()
/// ```
///
/// Starting takes 3 to 5 seconds. Suites that do not harm the server share one: ``shared``.
public actor ControlPlane {
    /// Who may ask, by token.
    public struct User: Sendable {
        /// The name.
        public let name: String
        /// What proves it.
        public let token: String
        /// Groups, by which roles are bound.
        public let groups: [String]

        /// Makes a user.
        public init(_ name: String, token: String, groups: [String] = []) {
            self.name = name
            self.token = token
            self.groups = groups
        }
    }

    /// Somebody who may do everything.
    public static let admin = User("admin", token: "admin-token", groups: ["system:masters"])

    /// Somebody whom ``shared`` knows and who may do nothing until a test lets them.
    public static let guest = User("guest", token: "guest-token")

    private static let sharedTask = Task { try await ControlPlane.start(users: [guest], flags: [], place: nil) }

    /// Servers besides ``shared`` run one at a time: more would only slow each other down.
    private static let places = Places(1)

    /// One server for all suites of a test process that keep out of each other's way; it ends with the process.
    public static var shared: ControlPlane {
        get async throws { try await sharedTask.value }
    }

    /// Where the server listens: `https://127.0.0.1:PORT`.
    public nonisolated let server: String
    /// A kubeconfig of ``admin``.
    public nonisolated let kubeconfigPath: String
    /// The certificate of the authority, PEM.
    public nonisolated let caPath: String
    /// The folder with everything; `client.crt` and `client.key` are those of an administrator.
    public nonisolated let folder: String
    /// The token of ``admin``.
    public nonisolated let token = ControlPlane.admin.token

    private let files: ServerFiles
    private let programs: KubePrograms
    private let ports: (api: UInt16, client: UInt16, peer: UInt16)
    private let flags: [String]
    private var etcd: ServerProcess?
    private var api: ServerProcess?
    private var place: Places.Place?
    private var generation = 0
    private var kinds: Task<Void, any Error>?

    private init(_ files: ServerFiles, _ programs: KubePrograms, flags: [String], _ place: Places.Place?) throws {
        self.place = place
        self.files = files
        self.programs = programs
        self.flags = flags
        let free = try freePorts(3)
        ports = (free[0], free[1], free[2])
        server = "https://127.0.0.1:\(free[0])"
        folder = files.folder
        caPath = files.path("ca.crt")
        kubeconfigPath = files.path("kubeconfig")
    }

    /// Starts both, and waits until the server is ready; before that, until no other server of a test's own is left.
    ///
    /// - Parameters:
    ///   - users: Who else may ask besides ``admin``; what they may do is for roles to say.
    ///   - flags: More flags for kube-apiserver.
    /// - Returns: the servers.
    /// - Throws: ``SupportError`` with the last words of what does not start.
    public static func start(users: [User] = [], flags: [String] = []) async throws -> ControlPlane {
        try await start(users: users, flags: flags, place: places.take())
    }

    private static func start(users: [User], flags: [String], place: Places.Place?) async throws -> ControlPlane {
        let programs = try KubePrograms()
        let plane = try ControlPlane(try await ServerFiles(tokens: [admin] + users), programs, flags: flags, place)
        try plane.files.write(plane.kubeconfig(for: admin, server: plane.server), to: "kubeconfig")
        do {
            try await plane.startEtcd()
            try await plane.startServer()
        } catch {
            await plane.stop()
            throw error
        }
        return plane
    }

    /// A kubeconfig for somebody.
    public nonisolated func kubeconfig(for user: User, server: String) -> String {
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: test, cluster: {server: "\(server)", certificate-authority: "\(caPath)"}}]
        users: [{name: "\(user.name)", user: {token: "\(user.token)"}}]
        contexts: [{name: test, context: {cluster: test, user: "\(user.name)"}}]
        current-context: test

        """
    }

    /// Writes a kubeconfig for somebody.
    ///
    /// - Parameters:
    ///   - user: Who.
    ///   - server: Another way to the server, such as a ``Forwarder``.
    /// - Returns: its path.
    /// - Throws: what the file system says.
    public nonisolated func writeKubeconfig(for user: User = admin, server: String? = nil) throws -> String {
        let name = "kubeconfig-\(UUID().uuidString)"
        try files.write(kubeconfig(for: user, server: server ?? self.server), to: name)
        return files.path(name)
    }

    private var etcdURL: String { "http://127.0.0.1:\(ports.client)" }
    private var dataFolder: String { files.path("etcd-\(generation)") }

    private func startEtcd() async throws {
        let peer = "http://127.0.0.1:\(ports.peer)"
        // The data of a test outlives no power loss anyway.
        let etcd = try await ServerProcess(
            programs.path(of: "etcd"),
            [
                "--name=default", "--data-dir=\(dataFolder)", "--unsafe-no-fsync", "--listen-client-urls=\(etcdURL)",
                "--advertise-client-urls=\(etcdURL)", "--listen-peer-urls=\(peer)",
                "--initial-advertise-peer-urls=\(peer)", "--initial-cluster=default=\(peer)",
            ], log: files.path("etcd.log"))
        self.etcd = etcd
        try await waitUntil("etcd answers", of: etcd) {
            await self.isReady(["curl", "-sf", "\(self.etcdURL)/health"])
        }
    }

    private func startServer() async throws {
        let api = try await ServerProcess(
            programs.path(of: "kube-apiserver"),
            [
                "--etcd-servers=\(etcdURL)", "--bind-address=127.0.0.1", "--secure-port=\(ports.api)",
                "--tls-cert-file=\(files.path("server.crt"))", "--tls-private-key-file=\(files.path("server.key"))",
                "--client-ca-file=\(caPath)", "--token-auth-file=\(files.path("tokens.csv"))",
                "--authorization-mode=Node,RBAC", "--disable-admission-plugins=ServiceAccount",
                "--service-account-key-file=\(files.path("accounts.pub"))",
                "--service-account-signing-key-file=\(files.path("accounts.key"))",
                "--service-account-issuer=https://kubernetes.default.svc", "--service-cluster-ip-range=10.0.0.0/24",
                "--cert-dir=\(files.path("certificates"))", "--allow-privileged=true",
            ] + flags, log: files.path("kube-apiserver.log"))
        self.api = api
        try await waitUntil("kube-apiserver is ready", of: api) {
            await self.isReady([
                "curl", "-sf", "--max-time", "2", "--cacert", self.caPath, "-H",
                "Authorization: Bearer \(self.token)", "\(self.server)/readyz",
            ])
        }
    }

    private func isReady(_ words: [String]) async -> Bool {
        (try? await Command(words).run().status) == 0
    }

    private func waitUntil(
        _ what: String, of process: ServerProcess, _ holds: () async -> Bool
    ) async throws {
        let end = ContinuousClock.now + .seconds(90)
        while await !holds() {
            guard process.isRunning, ContinuousClock.now < end else {
                throw SupportError("it does not come to it that \(what):\n\(process.lastWords)")
            }
            try await Task.sleep(for: .milliseconds(50))  // proof: a server that tells nobody is asked again
        }
    }

    // MARK: What can happen to a server

    /// Ends both and removes everything.
    public func stop() async {
        await api?.stop()
        await etcd?.stop()
        (api, etcd, place) = (nil, nil, nil)
        files.remove()
    }

    /// Ends the API server; etcd goes on.
    ///
    /// - Parameter signal: SIGKILL unless said.
    public func stopServer(with signal: Int32 = SIGKILL) async {
        await api?.stop(with: signal)
        api = nil
    }

    /// Starts the API server again, on the same port.
    public func restartServer() async throws {
        await stopServer()
        try await startServer()
    }

    /// Lets the API server stand still: connections stay, nothing is answered.
    public func freeze() { api?.signal(SIGSTOP) }

    /// Lets it go on.
    public func thaw() { api?.signal(SIGCONT) }

    /// Saves the data of etcd.
    ///
    /// - Returns: the path of the copy.
    public func backup() async throws -> String {
        let path = files.path("backup-\(UUID().uuidString)")
        try await Command(
            [programs.path(of: "etcdctl"), "--endpoints=\(etcdURL)", "snapshot", "save", path],
            environment: ["ETCDCTL_API": "3"]
        ).output()
        return path
    }

    /// Replaces the data of etcd by an older copy, as an administrator does after a disaster; both servers start anew.
    ///
    /// - Parameter backup: What ``backup()`` returned.
    /// - Throws: ``SupportError`` with the last words of what does not start.
    public func restore(_ backup: String) async throws {
        await api?.stop()
        await etcd?.stop()
        generation += 1
        let peer = "http://127.0.0.1:\(ports.peer)"
        try await Command(
            [
                programs.path(of: "etcdctl"), "snapshot", "restore", backup, "--name=default",
                "--data-dir=\(dataFolder)", "--initial-cluster=default=\(peer)",
                "--initial-advertise-peer-urls=\(peer)",
            ], environment: ["ETCDCTL_API": "3"]
        ).output()
        try await startEtcd()
        try await startServer()
    }

    /// Forgets the history of all objects, so that watches from older versions end with 410.
    public func compact() async throws {
        let etcdctl = [programs.path(of: "etcdctl"), "--endpoints=\(etcdURL)"]
        let environment = ["ETCDCTL_API": "3"]
        let status = try await Command(etcdctl + ["endpoint", "status", "--write-out=json"], environment: environment)
            .output()
        let digits = status.split(separator: "\"revision\":").dropFirst().first?.prefix { $0.isNumber } ?? ""
        guard !digits.isEmpty else { throw SupportError("etcd does not say its revision: \(status)") }
        try await Command(etcdctl + ["compact", String(digits)], environment: environment).output()
    }

    // MARK: Tools

    /// Runs kubectl as an administrator.
    public nonisolated func kubectl(_ arguments: [String], input: String = "") async throws -> Command.Result {
        try await Command([programs.path(of: "kubectl"), "--kubeconfig", kubeconfigPath] + arguments).run(input: input)
    }

    /// Makes the server know our kinds, `deploy/crds`; only the first call takes time.
    public func installKinds() async throws {
        let task = kinds ?? Task { try await apply(SourceTree.path("deploy/crds")) }
        kinds = task
        try await task.value
    }

    /// Applies a file or a folder of manifests, and waits until the kinds that they define can be used.
    public nonisolated func apply(_ path: String) async throws {
        let result = try await kubectl(["apply", "--filename", path])
        guard result.status == 0 else { throw SupportError("kubectl apply \(path): \(result.errors)") }
        let definitions = result.output.split(separator: "\n").compactMap { line in
            line.split(separator: " ").first.map(String.init)
        }.filter { $0.hasPrefix("customresourcedefinition") }
        guard !definitions.isEmpty else { return }
        let wait = try await kubectl(["wait", "--for=condition=Established", "--timeout=30s"] + definitions)
        guard wait.status == 0 else { throw SupportError("kubectl wait: \(wait.errors)") }
    }
}
