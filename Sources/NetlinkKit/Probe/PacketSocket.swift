internal import CLinux
internal import CNetlink
internal import Glibc
internal import IPAMCore
internal import SystemPackage

/// A packet socket on one link for one kind of frame (packet(7)), in the namespace that the thread was in when it was opened.
///
/// The kernel writes and removes the Ethernet header, and with it the tag of a VLAN link.
struct PacketSocket: ~Copyable, Sendable {
    /// The number for `poll`; valid as long as this value lives.
    let number: CInt
    private let link: LinkIndex
    private let kind: LinkFrame.Kind

    /// Opens a socket that receives only what the filter lets through.
    ///
    /// - Throws: ``NetlinkError/Code/notPermitted`` without `CAP_NET_RAW`; ``NetlinkError/Code/notFound`` without the link.
    static func open(
        _ kind: LinkFrame.Kind, on link: LinkIndex, filter: PacketFilter
    ) throws(NetlinkError) -> Self {
        // Without a protocol nothing is received before the filter is in place and the socket is bound to its link.
        let number = try systemCall("open packet socket") {
            socket(AF_PACKET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        }
        // From here on the descriptor is closed on every way out.
        let opened = Self(owning: number, kind, on: link)
        try opened.attach(filter)
        try opened.bind()
        return opened
    }

    private init(owning number: CInt, _ kind: LinkFrame.Kind, on link: LinkIndex) {
        self.number = number
        self.kind = kind
        self.link = link
    }

    deinit { _ = close(number) }

    private borrowing func bind() throws(NetlinkError) {
        var address = Self.address(kind, on: link)
        let number = number
        try systemCall("bind packet socket to link \(link)") {
            unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe Glibc.bind(number, $0, socklen_t(MemoryLayout<sockaddr_ll>.size))
                }
            }
        }
    }

    private borrowing func attach(_ filter: PacketFilter) throws(NetlinkError) {
        var program = filter.program
        let number = number
        try systemCall("attach packet filter") {
            unsafe program.withUnsafeMutableBufferPointer { instructions in
                var description = unsafe sock_fprog(
                    len: UInt16(instructions.count), filter: instructions.baseAddress)
                return unsafe setsockopt(
                    number, SOL_SOCKET, SO_ATTACH_FILTER, &description,
                    socklen_t(MemoryLayout<sock_fprog>.size))
            }
        }
    }

    /// Lets the link receive what is sent to a group, for as long as the socket lives (`PACKET_ADD_MEMBERSHIP`).
    borrowing func join(_ group: MACAddress) throws(NetlinkError) {
        var membership = packet_mreq()
        membership.mr_ifindex = link.rawValue
        membership.mr_type = UInt16(PACKET_MR_MULTICAST)
        membership.mr_alen = 6
        let octets = group.octets
        membership.mr_address = (octets.0, octets.1, octets.2, octets.3, octets.4, octets.5, 0, 0)
        let number = number
        try systemCall("join group \(group) on link \(link)") {
            unsafe setsockopt(
                number, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &membership, socklen_t(MemoryLayout<packet_mreq>.size))
        }
    }

    /// Sends a frame. One that finds no room in the kernel is lost, as on the wire.
    ///
    /// - Throws: What the kernel says, for example `ENETDOWN` when the link is down.
    borrowing func send(_ frame: LinkFrame) throws(NetlinkError) {
        var address = Self.address(kind, on: link, peer: frame.peer)
        let (number, payload) = (number, frame.payload)
        do throws(Errno) {
            try systemCall {
                unsafe withUnsafePointer(to: &address) { pointer in
                    unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                        unsafe payload.withUnsafeBytes {
                            unsafe sendto(
                                number, $0.baseAddress, $0.count, 0, address,
                                socklen_t(MemoryLayout<sockaddr_ll>.size))
                        }
                    }
                }
            }
        } catch .noBufferSpace, .wouldBlock {
            return
        } catch {
            throw NetlinkError(errno: error, operation: "send on link \(link)")
        }
    }

    /// Takes the next frame that is waiting; `nil` when there is none.
    ///
    /// - Throws: What the kernel says, for example `ENETDOWN` when the link went down.
    borrowing func receive() throws(NetlinkError) -> LinkFrame? {
        var address = sockaddr_ll()
        var length = socklen_t(MemoryLayout<sockaddr_ll>.size)
        var payload = [UInt8](repeating: 0, count: 1500)
        let number = number
        do throws(Errno) {
            let count = try systemCall {
                unsafe withUnsafeMutablePointer(to: &address) { pointer in
                    unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                        unsafe payload.withUnsafeMutableBytes {
                            unsafe recvfrom(number, $0.baseAddress, $0.count, 0, address, &length)
                        }
                    }
                }
            }
            payload.removeSubrange(count...)
        } catch .wouldBlock {
            return nil
        } catch {
            throw NetlinkError(errno: error, operation: "receive on link \(link)")
        }
        let octets = address.sll_addr
        return LinkFrame(
            kind, peer: MACAddress(octets.0, octets.1, octets.2, octets.3, octets.4, octets.5), payload: payload)
    }

    private static func address(
        _ kind: LinkFrame.Kind, on link: LinkIndex, peer: MACAddress = .zero
    ) -> sockaddr_ll {
        let octets = peer.octets
        return sockaddr_ll(
            sll_family: UInt16(AF_PACKET), sll_protocol: kind.rawValue.bigEndian, sll_ifindex: link.rawValue,
            sll_hatype: 0, sll_pkttype: 0, sll_halen: 6,
            sll_addr: (octets.0, octets.1, octets.2, octets.3, octets.4, octets.5, 0, 0))
    }
}
