internal import CNetlink
internal import Glibc
public import IPAMCore
internal import SystemPackage

/// Waits for the carrier of a link: a switch port or a virtual function needs up to seconds after it was set up.
///
/// The kernel's notices about links only say when it is worth looking again, so that none can be misunderstood or missed.
public struct CarrierWatch: ~Copyable {
    private let link: LinkIndex
    private let number: CInt

    private init(owning number: CInt, _ link: LinkIndex) {
        self.number = number
        self.link = link
    }

    deinit { _ = close(number) }

    /// Listens for notices about links from now on, in the namespace of the calling thread.
    ///
    /// - Parameter link: The link that is meant.
    /// - Returns: The watch.
    /// - Throws: ``NetlinkError`` when there are no more sockets.
    public static func open(_ link: LinkIndex) throws(NetlinkError) -> Self {
        let number = try systemCall("open route socket") {
            socket(AF_NETLINK, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), NETLINK_ROUTE)
        }
        // From here on the descriptor is closed on every way out.
        let watch = Self(owning: number, link)
        var address = sockaddr_nl()
        address.nl_family = UInt16(AF_NETLINK)
        address.nl_groups = UInt32(RTMGRP_LINK)
        try systemCall("listen for changes of links") {
            unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe bind(number, $0, socklen_t(MemoryLayout<sockaddr_nl>.size))
                }
            }
        }
        return watch
    }

    /// Waits until the link is up and able to send (`IFF_RUNNING`).
    ///
    /// - Parameter deadline: When to give up.
    /// - Throws: ``NetlinkError/Code/timedOut`` when that is not so at a moment; ``NetlinkError/Code/notFound`` when there is no
    ///   such link.
    public borrowing func wait(until deadline: MonotonicInstant) throws(NetlinkError) {
        var socket = try RouteSocket()
        while try !socket.link(at: link).isReady {
            guard MonotonicInstant.now < deadline else {
                throw NetlinkError(
                    NetlinkError.Code.timedOut, operation: "wait for carrier of link \(link)",
                    detail: "the link is down or unplugged")
            }
            try waitForInput(on: [number], until: deadline)
            drain()
        }
    }

    /// Forgets the notices that have come. An overflow (`ENOBUFS`) only means that there were many.
    private borrowing func drain() {
        var octets: UInt64 = 0
        while unsafe recv(number, &octets, MemoryLayout.size(ofValue: octets), 0) >= 0 || errno == EINTR {}
    }
}

extension Link {
    /// Whether it can send. The flags alone are late: for up to a second a new link counts as running (`linkwatch` of the kernel).
    fileprivate var isReady: Bool { flags.isSuperset(of: [.up, .running]) && hasCarrier }
}
