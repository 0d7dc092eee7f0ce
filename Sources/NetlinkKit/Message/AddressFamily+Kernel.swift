internal import Glibc
internal import IPAMCore

extension AddressFamily {
    /// The kernel's number: `AF_INET` or `AF_INET6`.
    var kernelNumber: UInt8 { UInt8(self == .ipv4 ? AF_INET : AF_INET6) }

    /// The family behind the kernel's number; `nil` for any that is not of the Internet Protocol.
    init?(kernelNumber: UInt8) {
        switch Int32(kernelNumber) {
        case AF_INET: self = .ipv4
        case AF_INET6: self = .ipv6
        default: return nil
        }
    }
}
