internal import IPAMCore
internal import JSONTree

/// What a credential program prints (`ExecCredential`).
struct ExecCredential: Sendable {
    let token: Secret?
    let certificate: KubeConfiguration.ClientCertificate?
    let expires: Timestamp?

    /// Reads the output of a program.
    init(_ output: [UInt8], of plugin: ExecPlugin) throws(KubeError) {
        func failure(_ problem: String) -> KubeError {
            .configuration(
                plugin.origin, "exec.command", "\(plugin.command) printed no credential: \(problem)", "run it by hand")
        }
        let tree: JSONValue
        do throws(JSONParseError) {
            tree = try JSONValue(parsing: output.span)
        } catch {
            // The place, but nothing of the text, which may be a secret.
            throw failure("not JSON at line \(error.line), column \(error.column)")
        }
        guard tree["kind"]?.stringValue == "ExecCredential" else { throw failure("\"kind\" is not \"ExecCredential\"") }
        guard tree["apiVersion"]?.stringValue == plugin.apiVersion else {
            throw failure("\"apiVersion\" is not \(plugin.apiVersion), which the file names")
        }
        let status = tree["status"]
        token = status?["token"]?.stringValue.flatMap { $0.isEmpty ? nil : Secret($0) }
        switch (status?["clientCertificateData"]?.stringValue, status?["clientKeyData"]?.stringValue) {
        case (let chain?, let key?):
            certificate = KubeConfiguration.ClientCertificate(chain: Array(chain.utf8), key: Secret(key))
        case (nil, nil): certificate = nil
        default: throw failure("a certificate without its key, or a key without its certificate")
        }
        guard token != nil || certificate != nil else {
            throw failure("\"status\" has neither a token nor a certificate")
        }
        if let text = status?["expirationTimestamp"]?.stringValue {
            guard let time = Timestamp(rfc3339: text) else { throw failure("\"expirationTimestamp\" is no time") }
            expires = time
        } else {
            expires = nil
        }
    }
}
