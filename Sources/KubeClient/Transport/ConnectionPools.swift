internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOHTTPCompression
internal import NIOPosix
internal import NIOSSL

/// The connections to the server under one identity: a pool for requests, and one for watches, which each keep theirs.
struct ConnectionPools: Sendable {
    let requests: HTTPClient
    let watches: HTTPClient
    let certificate: KubeConfiguration.ClientCertificate?

    init(
        _ configuration: KubeConfiguration, certificate: KubeConfiguration.ClientCertificate?,
        options: KubeClientOptions, group: MultiThreadedEventLoopGroup
    ) throws(KubeError) {
        self.certificate = certificate
        var http = HTTPClient.Configuration(
            tlsConfiguration: try Self.tls(configuration, certificate), redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(5)), ignoreUncleanSSLShutdown: false, decompression: .disabled)
        http.httpVersion = .http1Only
        http.connectionPool.retryConnectionEstablishment = false
        // The server closes idle connections after 90 seconds; whoever closes first spares the other a surprise.
        http.connectionPool.idleTimeout = .seconds(75)
        http.http1_1ConnectionDebugInitializer = Self.keepAlive
        if let serverName = configuration.serverName { http.dnsOverride = [serverName: configuration.server.host] }
        http.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
        http.timeout.read = TimeAmount(options.watchTimeout + .seconds(15))
        watches = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: http)
        http.timeout.read = nil
        http.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = max(1, options.maximumConnections)
        http.connectionPool.preWarmedHTTP1ConnectionCount = max(0, options.spareConnections)
        http.decompression = .enabled(limit: .size(options.maximumBodyBytes))
        requests = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: http)
    }

    /// Closes all connections; what is on its way fails as cancelled.
    func shutdown() async {
        try? await requests.shutdown()
        try? await watches.shutdown()
    }

    private static func tls(
        _ configuration: KubeConfiguration, _ certificate: KubeConfiguration.ClientCertificate?
    ) throws(KubeError) -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        func failure(_ field: String, _ remedy: String) -> KubeError {
            .configuration(configuration.origin, field, "it is not PEM of the right kind", remedy)
        }
        switch configuration.trust {
        case .system: break
        case .none: tls.certificateVerification = .none
        case .authorities(let pem):
            guard let authorities = try? NIOSSLCertificate.fromPEMBytes(pem), !authorities.isEmpty else {
                throw failure("certificate-authority", "give the cluster's CA certificate")
            }
            tls.trustRoots = .certificates(authorities)
        }
        if let certificate {
            guard let chain = try? NIOSSLCertificate.fromPEMBytes(certificate.chain), !chain.isEmpty else {
                throw failure("client-certificate", "give the certificate and what signed it")
            }
            // Without the callback BoringSSL would ask the terminal for the password of an encrypted key.
            let key = try? NIOSSLPrivateKey(bytes: certificate.key.revealed, format: .pem) { $0([UInt8]()) }
            guard let key else { throw failure("client-key", "give the certificate's key, not encrypted") }
            tls.certificateChain = chain.map { .certificate($0) }
            tls.privateKey = .privateKey(key)
        }
        return tls
    }

    /// Lets the kernel ask a silent peer whether it is there, and give up after about half a minute (tcp(7)).
    private static let keepAlive: @Sendable (any Channel) -> EventLoopFuture<Void> = { channel in
        let tcp = SocketOptionLevel(6)
        let options: [(ChannelOptions.Types.SocketOption, SocketOptionValue)] = [
            (ChannelOptions.socket(SocketOptionLevel(SOL_SOCKET), SO_KEEPALIVE), 1),
            (ChannelOptions.socket(tcp, TCP_KEEPIDLE), 15),
            (ChannelOptions.socket(tcp, TCP_KEEPINTVL), 5),
            (ChannelOptions.socket(tcp, TCP_KEEPCNT), 3),
            (ChannelOptions.socket(tcp, TCP_USER_TIMEOUT), 30_000),
        ]
        return EventLoopFuture.andAllSucceed(
            options.map { channel.setOption($0.0, value: $0.1) }, on: channel.eventLoop)
    }
}
