internal import CLinux
internal import Glibc
public import IPAMCore
public import SystemPackage

/// The program's end of a tun or tap link: what the kernel sends on the link is read here, and what is written here comes
/// in on the link.
///
/// The link ends with this value, unless it was made to stay with ``persist(owner:group:)``.
///
/// ```swift
/// let tap = try TunDevice(named: tap0, carrying: .frames)
/// try tap.persist(owner: 1000)     // ip tuntap add dev tap0 mode tap user 1000
/// ```
public struct TunDevice: ~Copyable, Sendable {
    /// What is read and written.
    public enum Unit: Sendable, Hashable {
        /// IP packets, `mode tun`.
        case packets
        /// Ethernet frames, `mode tap`.
        case frames
    }

    /// The name of the link, which another program may have changed since.
    public let name: String

    private let descriptor: FileDescriptor

    /// Makes a link in the network namespace of the calling thread, or takes hold of one that stayed.
    ///
    /// - Parameters:
    ///   - name: The name; the kernel chooses one when it is `nil`.
    ///   - unit: What is read and written.
    /// - Throws: ``NetlinkError``; ``NetlinkError/Code/busy`` when a program holds the other end,
    ///   ``NetlinkError/Code/notPermitted`` when the link is somebody else's.
    public init(named name: InterfaceName? = nil, carrying unit: Unit) throws(NetlinkError) {
        let operation = "add \(unit == .frames ? "tap" : "tun") link \(name?.text ?? "")"
        let number = try systemCall("open /dev/net/tun") {
            unsafe open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK)
        }
        var text = Array((name?.text ?? "").utf8.map { CChar(bitPattern: $0) })
        text += [CChar](repeating: 0, count: Int(IF_NAMESIZE) - text.count)
        do throws(NetlinkError) {
            try systemCall(operation) { unsafe clinux_tun_attach(number, &text, unit == .frames ? 1 : 0) }
        } catch {
            close(number)
            throw error
        }
        descriptor = FileDescriptor(rawValue: number)
        self.name = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        // What was written has been taken by the kernel or refused; closing loses nothing.
        try? descriptor.close()
    }

    /// Lets the link stay when this end is closed, until it is removed: `ip tuntap add`.
    ///
    /// - Parameters:
    ///   - owner: The user who may open this end again without being allowed to change the network.
    ///   - group: The group whose members may.
    /// - Throws: ``NetlinkError`` with the kernel's number.
    public borrowing func persist(owner: UInt32? = nil, group: UInt32? = nil) throws(NetlinkError) {
        let number = descriptor.rawValue
        if let owner { try systemCall("give link \(name) to user \(owner)") { clinux_tun_set_owner(number, owner) } }
        if let group { try systemCall("give link \(name) to group \(group)") { clinux_tun_set_group(number, group) } }
        try systemCall("let link \(name) stay") { clinux_tun_set_persistent(number, 1) }
    }

    /// Lends the descriptor, which does not block, for reading and writing; it must not be closed, nor kept.
    ///
    /// - Parameter body: What is done with it.
    /// - Returns: What the body returned.
    /// - Throws: What the body threw.
    public borrowing func withDescriptor<Value: ~Copyable, Failure: Error>(
        _ body: (FileDescriptor) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try body(descriptor)
    }
}
