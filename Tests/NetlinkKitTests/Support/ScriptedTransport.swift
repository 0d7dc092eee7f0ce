import IPAMCore
import Synchronization
import SystemPackage

@testable import NetlinkKit

/// A kernel that follows a script: the answers in order, each a datagram or a failure of one call.
final class ScriptedTransport: NetlinkTransport, Sendable {
    enum Step {
        /// A datagram; the sequence number of the last request is put where the messages have 0.
        case datagram([UInt8])
        /// A failure of `receive`.
        case failure(Errno)
        /// A failure of the next `send`.
        case sendFailure(Errno)
    }

    private struct State {
        var steps: [Step]
        var requests: [[UInt8]] = []
    }

    private let state: Mutex<State>

    init(_ steps: [Step]) { state = Mutex(State(steps: steps)) }

    var descriptor: CInt { -1 }

    /// What was sent so far.
    var requests: [[UInt8]] { state.withLock { $0.requests } }

    /// How much of the script is left.
    var remaining: Int { state.withLock { $0.steps.count } }

    func send(_ bytes: [UInt8]) throws(Errno) {
        let failure: Errno? = state.withLock { state in
            if case .sendFailure(let error)? = state.steps.first {
                state.steps.removeFirst()
                return error
            }
            state.requests.append(bytes)
            return nil
        }
        if let failure { throw failure }
    }

    func receive(into buffer: inout [UInt8]) throws(Errno) -> Int {
        let room = buffer.count
        let outcome: Result<[UInt8], Errno> = state.withLock { state in
            switch state.steps.first {
            case .datagram(var bytes)?:
                state.steps.removeFirst()
                Self.number(&bytes, as: state.requests.last.map { Array($0[8..<12]) } ?? [0, 0, 0, 0])
                return .success(bytes)
            case .failure(let error)?:
                state.steps.removeFirst()
                return .failure(error)
            default: return .failure(.resourceTemporarilyUnavailable)
            }
        }
        let bytes = try outcome.get()
        buffer.replaceSubrange(0..<min(room, bytes.count), with: bytes.prefix(room))
        return bytes.count
    }

    func wait(until deadline: MonotonicInstant) throws(Errno) -> Bool { remaining > 0 }

    private static func number(_ bytes: inout [UInt8], as sequence: [UInt8]) {
        var start = 0
        while start + 16 <= bytes.count {
            if bytes[start + 8..<start + 12].allSatisfy({ $0 == 0 }) {
                bytes.replaceSubrange(start + 8..<start + 12, with: sequence)
            }
            let length = Int(bytes[start]) | Int(bytes[start + 1]) << 8
            guard length >= 16 else { return }
            start += (length + 3) & ~3
        }
    }
}
