internal import JSONTree

/// The answer to a request that succeeded.
struct APIReply: Sendable {
    let status: Int
    let body: [UInt8]
}
