/// Somebody who names pools, or means to, and is not heard.
public struct PassedOverSource: Sendable, Hashable {
    /// Why it does not count.
    public enum Reason: Sendable, Hashable {
        /// Somebody more specific names pools; what stands here was not even read.
        case outranked(by: PoolOrigin)
        /// The lists are there, but empty.
        case empty
        /// Subnets with automatic pools are switched off.
        case switchedOff
    }

    /// Who it is.
    public let origin: PoolOrigin
    /// Why it does not count.
    public let reason: Reason

    /// Makes an entry.
    public init(_ origin: PoolOrigin, _ reason: Reason) {
        self.origin = origin
        self.reason = reason
    }
}

extension PassedOverSource: CustomStringConvertible {
    /// One line for people.
    public var description: String {
        switch reason {
        case .outranked(let winner): "\(origin): not considered, \(winner) comes first"
        case .empty: "\(origin): not considered, the lists are empty"
        case .switchedOff: "\(origin): ignored, subnets are switched off"
        }
    }
}
