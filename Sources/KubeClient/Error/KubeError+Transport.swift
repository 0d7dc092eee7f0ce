internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

extension KubeError {
    /// The error for a request that got no answer.
    ///
    /// - Parameters:
    ///   - subject: What was asked.
    ///   - error: What the network said.
    ///   - server: The server, for the message.
    ///   - closed: The words for a connection that the server closed.
    init(_ subject: RequestSubject, _ error: any Error, server: ServerAddress, closed: String) {
        func make(_ code: Code, _ problem: String, maybe: Bool) -> KubeError {
            KubeError(code, subject, problem: problem, mayHaveBeenApplied: maybe && subject.isWrite)
        }
        switch error {
        case is CancellationError: self = make(.cancelled, "it was cancelled", maybe: true)
        case let error as HTTPClientError:
            switch error {
            case .cancelled, .alreadyShutdown: self = make(.cancelled, "it was cancelled", maybe: true)
            case .deadlineExceeded: self = make(.timeout, "no answer from \(server) in time", maybe: true)
            case .readTimeout: self = make(.timeout, "\(server) has fallen silent", maybe: true)
            case .getConnectionFromPoolTimeout:
                self = make(.timeout, "no connection to \(server) was free in time", maybe: false)
            case .connectTimeout, .tlsHandshakeTimeout:
                self = make(.unreachable, "no connection to \(server) in time", maybe: false)
            case .remoteConnectionClosed: self = make(.unreachable, closed, maybe: true)
            default: self = make(.malformed, "\(error.shortDescription)", maybe: true)
            }
        case let error as NIOConnectionError:
            let first = error.connectionErrors.first.map { ": \(Self.words($0.error))" } ?? ""
            self = make(.unreachable, "no connection to \(server)\(first)", maybe: false)
        case NIOSSLError.handshakeFailed(let reason):
            self = make(.untrusted, "TLS with \(server) failed: \(reason)".withoutPlaces, maybe: false)
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            self = make(
                .untrusted,
                "the certificate of \(server) names another host; correct the server, or set tls-server-name",
                maybe: false)
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            self = make(.unreachable, "TLS with \(server) broke: \(error)".withoutPlaces, maybe: true)
        case let error as IOError:
            let isBeforeConnection = [ECONNREFUSED, ENETUNREACH, EADDRNOTAVAIL].contains(error.errnoCode)
            self = make(.unreachable, "\(server): \(Self.words(error))", maybe: !isBeforeConnection)
        default: self = make(.unreachable, "\(server): \(error)", maybe: true)
        }
    }

    /// The error for a task that was cancelled before it asked.
    static func cancelled(_ subject: RequestSubject) -> KubeError {
        KubeError(.cancelled, subject, problem: "it was cancelled")
    }

    private static func words(_ error: any Error) -> String {
        if let error = error as? IOError {
            return SmallFile.Failure(errno: error.errnoCode, isTooLarge: false).description
        }
        return "\(error)"
    }
}

extension String {
    /// The text without the places in the source code of a TLS library.
    fileprivate var withoutPlaces: String {
        split(separator: " ").filter { !$0.contains("/") || $0.contains("://") }.joined(separator: " ")
    }
}
