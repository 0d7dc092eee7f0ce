internal import CLinux
internal import Glibc
public import IPAMCore

extension GenericSocket {
    /// What drives a link: `ethtool -i NAME`.
    ///
    /// - Parameter link: The name of a link in the namespace of this socket.
    /// - Returns: The driver and where its hardware is.
    /// - Throws: ``NetlinkError``; ``NetlinkError/Code/notFound`` when there is no such link,
    ///   ``NetlinkError/Code/notSupported`` when its driver does not tell, as that of loopback.
    public mutating func driver(of link: InterfaceName) throws(NetlinkError) -> LinkDriver {
        let size = Int(CLINUX_DRIVER_TEXT)
        var texts = [CChar](repeating: 0, count: 4 * size)
        let descriptor = socket.descriptor
        // Generic netlink has no message for it, and any socket of the namespace takes the call.
        try systemCall("driver of link \(link)") {
            unsafe texts.withUnsafeMutableBufferPointer { texts -> CInt in
                guard let start = texts.baseAddress else { return -1 }
                return unsafe clinux_link_driver(
                    descriptor, link.text, start, start + size, start + 2 * size, start + 3 * size)
            }
        }
        func text(_ index: Int) -> String {
            let octets = texts[index * size..<(index + 1) * size].prefix { $0 != 0 }
            return String(decoding: octets.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        return LinkDriver(name: text(0), version: text(1), firmware: text(2), busAddress: text(3))
    }
}
