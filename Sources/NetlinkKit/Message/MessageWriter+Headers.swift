extension MessageWriter {
    /// Writes a `struct ifinfomsg`.
    ///
    /// - Parameters:
    ///   - index: The link; 0 when it is named by an attribute.
    ///   - flags: `ifi_flags`.
    ///   - change: `ifi_change`, which of the flags count.
    mutating func linkHeader(index: Int32 = 0, flags: LinkFlags = [], change: LinkFlags = []) {
        append(UInt32(0))
        append(index)
        append(flags.rawValue)
        append(change.rawValue)
    }

    /// Writes a `struct ifaddrmsg`.
    mutating func addressHeader(family: UInt8, prefixLength: UInt8, flags: UInt8, scope: UInt8, index: Int32) {
        append(family)
        append(prefixLength)
        append(flags)
        append(scope)
        append(index)
    }

    /// Writes a `struct rtmsg`; `struct fib_rule_hdr` has the same layout, with the action in place of the type.
    mutating func routeHeader(
        family: UInt8, destinationLength: UInt8 = 0, sourceLength: UInt8 = 0, typeOfService: UInt8 = 0,
        table: UInt8 = 0, routeProtocol: UInt8 = 0, scope: UInt8 = 0, type: UInt8 = 0, flags: UInt32 = 0
    ) {
        append(family)
        append(destinationLength)
        append(sourceLength)
        append(typeOfService)
        append(table)
        append(routeProtocol)
        append(scope)
        append(type)
        append(flags)
    }

    /// Writes a `struct ndmsg`.
    mutating func neighborHeader(family: UInt8, index: Int32 = 0, state: UInt16 = 0, flags: UInt8 = 0, type: UInt8 = 0)
    {
        append(family)
        append(UInt8(0))
        append(UInt16(0))
        append(index)
        append(state)
        append(flags)
        append(type)
    }

    /// Writes a `struct genlmsghdr`.
    mutating func genericHeader(command: UInt8, version: UInt8) {
        append(command)
        append(version)
        append(UInt16(0))
    }

    /// Writes a `struct nfgenmsg`.
    ///
    /// - Parameters:
    ///   - family: `nfgen_family`.
    ///   - resource: `res_id`: for the marks of a transaction, the subsystem that it concerns.
    mutating func netfilterHeader(family: UInt8 = 0, resource: UInt16 = 0) {
        append(family)
        append(UInt8(0))  // NFNETLINK_V0
        append(resource.bigEndian)
    }
}
