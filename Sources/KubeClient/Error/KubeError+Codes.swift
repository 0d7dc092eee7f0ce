extension KubeError.Code {
    /// There is no such object, or no such kind in the cluster (404).
    public static let notFound = Self(rawValue: "not found")
    /// An object of that name exists (409, `AlreadyExists`).
    public static let alreadyExists = Self(rawValue: "already exists")
    /// The object is not what it was when it was read, or a precondition does not hold (409).
    public static let conflict = Self(rawValue: "conflict")
    /// The object or the patch is refused, with causes (422).
    public static let invalid = Self(rawValue: "invalid")
    /// The resource version or the rest of a list is no longer kept; list again (410).
    public static let expired = Self(rawValue: "expired")
    /// The server does not accept the identity (401).
    public static let unauthorized = Self(rawValue: "unauthorized")
    /// The identity may not do this (403).
    public static let forbidden = Self(rawValue: "forbidden")
    /// The server has too much to do, or a limit is reached (429).
    public static let tooManyRequests = Self(rawValue: "too many requests")
    /// No answer within the time, or the server gave up waiting itself (504).
    public static let timeout = Self(rawValue: "timeout")
    /// No connection, or it broke.
    public static let unreachable = Self(rawValue: "unreachable")
    /// The server cannot serve at the moment (500, 502, 503).
    public static let unavailable = Self(rawValue: "unavailable")
    /// The request makes no sense to the server (400, 406, 415).
    public static let badRequest = Self(rawValue: "bad request")
    /// The kind does not have that verb (405).
    public static let methodNotAllowed = Self(rawValue: "method not allowed")
    /// The object is larger than the server takes (413).
    public static let tooLarge = Self(rawValue: "too large")
    /// The answer is not what the API promises.
    public static let malformed = Self(rawValue: "malformed answer")
    /// The task was cancelled, or the client was shut down.
    public static let cancelled = Self(rawValue: "cancelled")
    /// A kubeconfig file, a credential or the environment of the Pod is wrong.
    public static let configuration = Self(rawValue: "configuration")
    /// The certificate of the server is not the one that the configuration asks for.
    public static let untrusted = Self(rawValue: "untrusted server")
    /// Any other status.
    public static let refused = Self(rawValue: "refused")

    static let transient: Set<KubeError.Code> = [.tooManyRequests, .timeout, .unreachable, .unavailable]
}
