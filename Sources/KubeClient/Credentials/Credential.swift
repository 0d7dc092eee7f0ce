/// What proves to the server who we are, at a moment.
struct Credential: Sendable {
    let token: Secret?
    let certificate: KubeConfiguration.ClientCertificate?
    /// Tells credentials of one source apart.
    let generation: Int
}
