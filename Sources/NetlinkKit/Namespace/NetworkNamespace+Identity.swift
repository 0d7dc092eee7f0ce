internal import Glibc
internal import SystemPackage

extension NetworkNamespace {
    /// What tells a namespace from every other that exists at the same time: device and inode of its file.
    ///
    /// The kernel may give the numbers of a namespace that has ended to a new one.
    public struct Identity: Sendable, Hashable {
        /// The device (`st_dev`), the same for all namespaces of a kernel.
        public let device: UInt64
        /// The inode (`st_ino`), as in `readlink /proc/self/ns/net`.
        public let inode: UInt64

        /// Makes an identity from the two numbers.
        public init(device: UInt64, inode: UInt64) {
            self.device = device
            self.inode = inode
        }
    }

    /// The identity, which holds for as long as this value or anything else keeps the namespace alive.
    public var identity: Identity {
        get throws(NetlinkError) {
            var status = stat()
            let number = descriptor.rawValue
            try systemCall("identify network namespace") { unsafe fstat(number, &status) }
            return Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
        }
    }

    /// Whether two values hold the same namespace, whichever way they were opened.
    ///
    /// - Parameter other: The other value.
    /// - Returns: Whether they are one namespace.
    /// - Throws: When the kernel does not tell, which happens to no open descriptor.
    public func isSame(as other: borrowing NetworkNamespace) throws(NetlinkError) -> Bool {
        try identity == other.identity
    }
}

extension NetworkNamespace.Identity: CustomStringConvertible {
    /// The inode in the kernel's own form, `net:[4026531833]`.
    public var description: String { "net:[\(inode)]" }
}
