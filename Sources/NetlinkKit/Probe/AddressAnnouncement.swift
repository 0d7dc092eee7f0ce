public import IPAMCore

/// Tells the neighbours where addresses are now: gratuitous ARP (RFC 5227 §2.3) and unsolicited Neighbor Advertisements with
/// the override flag (RFC 4861 §7.2.6).
///
/// Only for addresses of the link that it is sent on, and after the last change of its hardware address.
public struct AddressAnnouncement: Sendable, Hashable {
    /// The addresses.
    public let addresses: [IPAddress]
    /// The hardware address that they have now.
    public let mac: MACAddress

    /// Prepares an announcement.
    ///
    /// - Parameters:
    ///   - addresses: The addresses.
    ///   - mac: The hardware address that they have now.
    public init(of addresses: [IPAddress], at mac: MACAddress) {
        self.addresses = addresses
        self.mac = mac
    }

    /// What is sent each time.
    public var frames: [LinkFrame] {
        addresses.map { address in
            switch address {
            case .v4(let address): .broadcast(ARPPacket.announcement(of: address, at: mac))
            case .v6(let address): .multicast(NeighborAdvertisement.announcement(of: address, at: mac))
            }
        }
    }

    /// Sends it in the namespace of the calling thread: at once, and again to make up for lost frames.
    ///
    /// - Parameters:
    ///   - link: The link that has the addresses.
    ///   - times: How often; a caller that cannot wait says 1.
    ///   - interval: The time between two, for which the thread is blocked.
    /// - Throws: What the kernel says, for example that the link is down.
    public func send(
        on link: LinkIndex, times: Int = 3, interval: Duration = .milliseconds(100)
    ) throws(NetlinkError) {
        let sockets = try ProbeSockets.open(for: [], on: link)
        for time in 0..<times {
            if time > 0 { try waitForInput(on: [], until: MonotonicInstant.now + interval) }
            for frame in frames { try sockets.send(frame) }
        }
    }
}
