/// Which API server to talk to, how it proves itself, and who we are.
public struct KubeConfiguration: Sendable, Hashable {
    /// How the server proves that it is the right one.
    public enum Trust: Sendable, Hashable {
        /// By a certificate that this machine trusts.
        case system
        /// By a certificate of one of these authorities (PEM).
        case authorities([UInt8])
        /// Not at all (`insecure-skip-tls-verify`); for tests on one's own machine only.
        case none
    }

    /// A certificate that we show, with its key (both PEM).
    public struct ClientCertificate: Sendable, Hashable {
        /// The certificate and what signs it, up to an authority that the server knows.
        let chain: [UInt8]
        let key: Secret

        /// Makes one from PEM texts.
        public init(chain: [UInt8], key: Secret) {
            self.chain = chain
            self.key = key
        }
    }

    /// What is sent in the header `Authorization`.
    public enum Bearer: Sendable, Hashable {
        /// Nothing.
        case none
        /// This token.
        case token(Secret)
        /// What the file contains at the time; it is read again when it changes and at least every minute.
        case file(String)
        /// What a program prints; it may also name a client certificate.
        case program(ExecPlugin)
    }

    /// Where the server is.
    public var server: ServerAddress
    /// How it proves itself.
    public var trust: Trust
    /// The name in its certificate, when it is another one than the host of ``server``.
    ///
    /// A certificate that carries the IP address which is connected to is accepted too, whatever names it has.
    public var serverName: String?
    /// The certificate that we show.
    public var clientCertificate: ClientCertificate?
    /// The token that we send.
    public var bearer: Bearer
    /// The namespace to use when none is said.
    public var namespace: String
    /// Where all this is from, for messages: `/root/.kube/config, context "lab"`, `the Pod's service account`.
    public var origin: String

    /// Makes a configuration by hand.
    public init(
        server: ServerAddress, trust: Trust = .system, serverName: String? = nil,
        clientCertificate: ClientCertificate? = nil, bearer: Bearer = .none, namespace: String = "default",
        origin: String = "a given configuration"
    ) {
        self.server = server
        self.trust = trust
        self.serverName = serverName
        self.clientCertificate = clientCertificate
        self.bearer = bearer
        self.namespace = namespace
        self.origin = origin
    }
}
