import Glibc
import Testing

/// Every frame that a namespace's links see from now on.
final class WireTap {
    private let descriptor: Int32

    init(in space: Space) throws {
        // ETH_P_ALL in the network's order of octets; not bound to a link means all of them.
        descriptor = try space.perform {
            socket(AF_PACKET, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), Int32(UInt16(3).bigEndian))
        }
        try #require(descriptor >= 0, "packet socket: errno \(errno)")
    }

    deinit { close(descriptor) }

    /// Waits for a frame; nothing when none comes that is like this.
    func frame(where isWanted: ([UInt8]) -> Bool) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&entry, 1, Endpoint.patience) > 0 {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            let frame = Array(buffer[..<count])
            if isWanted(frame) { return frame }
        }
        return nil
    }
}
