internal import JSONTree

extension KubeConfiguration {
    /// Reads a cluster of a kubeconfig file.
    init(cluster: ConfigurationReader) throws(KubeError) {
        let url = try cluster.required("server", "write the URL of the API server, such as https://10.0.0.1:6443")
        guard let server = ServerAddress(url: url) else {
            throw cluster.failure("server", "it is no URL of a server", "write it as https://10.0.0.1:6443")
        }
        self.init(server: server)
        if cluster.has("proxy-url") {
            throw cluster.failure(
                "proxy-url", "proxies are not supported", "remove it and give a server that is reached directly")
        }
        serverName = try cluster.string("tls-server-name")
        let authorities = try cluster.data("certificate-authority")
        if try cluster.bool("insecure-skip-tls-verify") {
            guard authorities == nil else {
                throw cluster.failure(
                    "insecure-skip-tls-verify", "it contradicts the certificate authority beside it",
                    "remove one of the two")
            }
            trust = .none
        } else if let authorities {
            trust = .authorities(authorities)
        }
    }

    /// Takes over the identity of a user of a kubeconfig file.
    mutating func become(_ user: ConfigurationReader) throws(KubeError) {
        for key in ["username", "password"] where user.has(key) {
            throw user.failure(
                key, "API servers no longer know passwords", "use a token, a client certificate or a program")
        }
        if user.has("auth-provider") {
            throw user.failure(
                "auth-provider", "it was replaced in Kubernetes 1.26", "use \"exec\" with the provider's program")
        }
        for key in ["as", "as-uid", "as-groups", "as-user-extra"] where user.has(key) {
            throw user.failure(key, "acting as somebody else is not supported", "use that identity's own credentials")
        }
        let chain = try user.data("client-certificate")
        let key = try user.data("client-key")
        switch (chain, key) {
        case (let chain?, let key?): clientCertificate = ClientCertificate(chain: chain, key: Secret(key))
        case (nil, nil): break
        case (_, nil):
            throw user.failure("client-key", "it is missing beside the certificate", "write the key's path or data")
        case (nil, _):
            throw user.failure("client-certificate", "it is missing beside the key", "write its path or data")
        }
        if let program = try user.object("exec") {
            bearer = .program(try ExecPlugin(program))
        } else if let path = try user.path("tokenFile") {
            bearer = .file(path)
        } else if let token = try user.string("token") {
            bearer = .token(Secret(token))
        }
    }
}
