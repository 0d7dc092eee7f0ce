internal import AsyncHTTPClient
internal import IPAMCore
internal import JSONTree
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Synchronization

/// Sends requests: with the present credential, within their deadline, and with errors of one kind.
final class Transport: Sendable {
    let configuration: KubeConfiguration
    let options: KubeClientOptions
    private let logger: Logger
    private let group: MultiThreadedEventLoopGroup
    private let credentials: CredentialSource
    private let pools: Mutex<ConnectionPools>
    private let bucket: TokenBucket?

    init(_ configuration: KubeConfiguration, _ options: KubeClientOptions, _ logger: Logger) throws(KubeError) {
        self.configuration = configuration
        self.options = options
        self.logger = logger
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        credentials = CredentialSource(configuration, time: options.time)
        bucket = options.rateLimit.map { TokenBucket($0, time: options.time) }
        do throws(KubeError) {
            pools = Mutex(
                try ConnectionPools(
                    configuration, certificate: configuration.clientCertificate, options: options, group: group))
        } catch {
            group.shutdownGracefully { _ in }
            throw error
        }
    }

    deinit {
        // A client that nobody shut down goes all the same; one that was takes no harm from a second time.
        let (pools, group) = (pools.withLock { $0 }, group)
        Task {
            await pools.shutdown()
            try? await group.shutdownGracefully()
        }
    }

    /// Closes all connections.
    func shutdown() async {
        await pools.withLock { $0 }.shutdown()
        try? await group.shutdownGracefully()
    }

    /// Sends a request and takes the whole answer.
    ///
    /// - Parameters:
    ///   - request: What to send.
    ///   - deadline: When to give up; the usual time from now when `nil`.
    /// - Returns: the answer, whose status is a success.
    /// - Throws: ``KubeError`` for everything else.
    func send(_ request: APIRequest, deadline: MonotonicInstant?) async throws(KubeError) -> APIReply {
        let deadline = deadline ?? options.time.now + options.requestTimeout
        var tries = 0
        while true {
            tries += 1
            try await takeTurn(request.subject, deadline)
            let credential = try await credentials.credential()
            do throws(KubeError) {
                return try await once(request, credential, deadline)
            } catch {
                guard try await mayTryAgain(after: error, credential, tries, deadline) else { throw error }
            }
        }
    }

    /// Starts a request whose answer never ends.
    ///
    /// - Parameters:
    ///   - request: What to send.
    ///   - deadline: When to give up waiting for the head of the answer.
    /// - Returns: the answer, whose status is a success; its body is still to be read.
    /// - Throws: ``KubeError`` for everything else.
    func open(_ request: APIRequest, deadline: MonotonicInstant) async throws(KubeError) -> HTTPClientResponse {
        var tries = 0
        while true {
            tries += 1
            let credential = try await credentials.credential()
            do throws(KubeError) {
                return try await openOnce(request, credential, deadline)
            } catch {
                guard error.code == .unauthorized, try await mayTryAgain(after: error, credential, tries, deadline)
                else { throw error }
            }
        }
    }

    private func takeTurn(_ subject: RequestSubject, _ deadline: MonotonicInstant) async throws(KubeError) {
        guard let bucket else { return }
        guard let wait = bucket.take(before: deadline) else {
            throw KubeError(
                .timeout, subject, problem: "this client's own limit of requests leaves no room before the deadline")
        }
        guard wait > .zero else { return }
        do { try await options.time.wait(for: wait) } catch { throw .cancelled(subject) }
    }

    /// Whether a refusal may be overcome at once: by another credential, another connection, or after the pause that the
    /// server asks for.
    private func mayTryAgain(
        after error: KubeError, _ credential: Credential, _ tries: Int, _ deadline: MonotonicInstant
    ) async throws(KubeError) -> Bool {
        switch error.code {
        case .unauthorized: return tries == 1 ? await credentials.refuse(credential) : false
        // An idle connection may have been closed just when the request went out; what only reads can go again.
        case .unreachable: return tries == 1 && error.problem == Self.closedConnection && !error.mayHaveBeenApplied
        case .tooManyRequests:
            guard let pause = error.retryAfter, tries < 5, error.reason != "DisruptionBudget" else { return false }
            let wait = pause + options.random.part(of: pause / 4)
            guard options.time.now + wait < deadline else { return false }
            do { try await options.time.wait(for: wait) } catch {
                throw .cancelled(RequestSubject("wait for", configuration.server.description))
            }
            return true
        default: return false
        }
    }

    private static let closedConnection = "the server closed the connection"

    private func once(
        _ request: APIRequest, _ credential: Credential, _ deadline: MonotonicInstant
    ) async throws(KubeError) -> APIReply {
        let client = try pools(for: credential).requests
        let started = options.time.now
        let result = await Deadline.run(until: deadline, time: options.time) { [self] in
            await exchange(request, credential, client, deadline)
        }
        let reply: APIReply
        switch result {
        case .success(let success): reply = success
        case .failure(let error):
            logger.debug("request failed", metadata: ["error": "\(error)"])
            throw error
        case nil:
            throw KubeError(
                Task.isCancelled ? .cancelled : .timeout, request.subject,
                problem: "no answer from \(configuration.server) in time", mayHaveBeenApplied: request.subject.isWrite)
        }
        logger.trace(
            "request",
            metadata: [
                "verb": "\(request.subject.verb)", "path": "\(request.path)", "status": "\(reply.status)",
                "bytes": "\(reply.body.count)", "took": "\(started.duration(to: options.time.now))",
            ])
        return reply
    }

    private func exchange(
        _ request: APIRequest, _ credential: Credential, _ client: HTTPClient, _ deadline: MonotonicInstant
    ) async -> Result<APIReply, KubeError> {
        do {
            let response = try await client.execute(
                prepared(request, credential), deadline: nioDeadline(deadline))
            let body = try await collect(response)
            let status = Int(response.status.code)
            guard (200..<300).contains(status) else {
                return .failure(refusal(request.subject, status, response.headers, body))
            }
            return .success(APIReply(status: status, body: body))
        } catch {
            return .failure(failure(request.subject, error))
        }
    }

    private func openOnce(
        _ request: APIRequest, _ credential: Credential, _ deadline: MonotonicInstant
    ) async throws(KubeError) -> HTTPClientResponse {
        let client = try pools(for: credential).watches
        let response: HTTPClientResponse
        do {
            response = try await client.execute(prepared(request, credential), deadline: nioDeadline(deadline))
        } catch {
            throw failure(request.subject, error)
        }
        let status = Int(response.status.code)
        guard !(200..<300).contains(status) else { return response }
        let result = await Deadline.run(until: deadline, time: options.time) { [self] in try? await collect(response) }
        throw refusal(request.subject, status, response.headers, (result ?? nil) ?? [])
    }

    private func collect(_ response: HTTPClientResponse) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        if let length = response.headers.first(name: "content-length").flatMap(Int.init) {
            bytes.reserveCapacity(min(length, options.maximumBodyBytes))
        }
        for try await chunk in response.body {
            guard bytes.count + chunk.readableBytes <= options.maximumBodyBytes else { throw BodyTooLarge() }
            bytes.append(contentsOf: chunk.readableBytesView)
        }
        return bytes
    }

    /// An answer above ``KubeClientOptions/maximumBodyBytes``.
    private struct BodyTooLarge: Error {}

    private func refusal(
        _ subject: RequestSubject, _ status: Int, _ headers: HTTPHeaders, _ body: [UInt8]
    ) -> KubeError {
        KubeError(
            subject, status: status, body: try? JSONValue(parsing: body.span),
            retryAfterSeconds: headers.first(name: "retry-after").flatMap(Int64.init))
    }

    /// The error for a request that got no answer, or not all of it.
    func failure(_ subject: RequestSubject, _ error: any Error) -> KubeError {
        if error is BodyTooLarge {
            return KubeError(
                .malformed, subject, problem: "the answer is larger than \(options.maximumBodyBytes) bytes",
                mayHaveBeenApplied: subject.isWrite)
        }
        return KubeError(subject, error, server: configuration.server, closed: Self.closedConnection)
    }

    private func prepared(_ request: APIRequest, _ credential: Credential) -> HTTPClientRequest {
        let server = configuration.server
        var authority = server.authority
        if let name = configuration.serverName { authority = "\(name):\(server.port)" }
        var http = HTTPClientRequest(
            url: "\(server.isSecure ? "https" : "http")://\(authority)\(server.prefix)\(request.target)")
        http.method = request.method
        if configuration.serverName != nil { http.headers.add(name: "Host", value: server.authority) }
        http.headers.add(name: "User-Agent", value: options.userAgent)
        http.headers.add(name: "Accept", value: request.accept)
        if request.takesCompressed { http.headers.add(name: "Accept-Encoding", value: "gzip") }
        if let token = credential.token { http.headers.add(name: "Authorization", value: "Bearer \(token.text)") }
        if let contentType = request.contentType { http.headers.add(name: "Content-Type", value: contentType) }
        if let body = request.body { http.body = .bytes(ByteBuffer(bytes: body)) }
        return http
    }

    private func nioDeadline(_ deadline: MonotonicInstant) -> NIODeadline {
        .now() + TimeAmount(max(.zero, options.time.now.duration(to: deadline)))
    }

    /// The connections for a credential; a new client certificate needs new ones.
    private func pools(for credential: Credential) throws(KubeError) -> ConnectionPools {
        let current = pools.withLock { $0 }
        guard current.certificate != credential.certificate else { return current }
        let fresh = try ConnectionPools(
            configuration, certificate: credential.certificate, options: options, group: group)
        let (used, unused) = pools.withLock { pools in
            if pools.certificate == credential.certificate { return (pools, fresh) }
            defer { pools = fresh }
            return (fresh, pools)
        }
        Task { await unused.shutdown() }
        return used
    }
}
