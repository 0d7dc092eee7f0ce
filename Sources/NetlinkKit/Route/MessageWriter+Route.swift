internal import IPAMCore

extension MessageWriter {
    /// Writes what comes after the header of a request that concerns a route.
    mutating func body(of route: Route) {
        routeHeader(
            family: route.family.kernelNumber, destinationLength: UInt8(route.destination.prefixLength),
            sourceLength: UInt8(route.source?.prefixLength ?? 0), typeOfService: route.typeOfService,
            table: route.table.headerByte, routeProtocol: route.origin.rawValue, scope: route.scope.rawValue,
            type: route.kind.rawValue, flags: route.headerFlags)
        if !route.destination.isDefault { attribute(RTA.destination, route.destination.network) }
        if let source = route.source { attribute(RTA.source, source.network) }
        attribute(RTA.table, route.table.rawValue)
        if let priority = route.priority { attribute(RTA.priority, priority) }
        if let address = route.preferredSource { attribute(RTA.preferredSource, address) }
        if let expiry = route.expiry { attribute(RTA.expires, UInt32(clamping: expiry.components.seconds)) }
        attributes(route.others)
        path(route.path, family: route.family)
    }

    private mutating func path(_ path: Route.Path, family: AddressFamily) {
        switch path {
        case .none:
            break
        case .hop(let hop):
            if let link = hop.link { attribute(RTA.outputLink, link) }
            gateway(of: hop, family: family)
        case .hops(let hops):
            attribute(RTA.multipath) { writer in
                for hop in hops { writer.nextHop(hop, family: family) }
            }
        case .object(let number):
            attribute(RTA.nextHopObject, number)
        }
    }

    /// Writes a `struct rtnexthop` with its attributes.
    private mutating func nextHop(_ hop: NextHop, family: AddressFamily) {
        var attributes = MessageWriter()
        attributes.gateway(of: hop, family: family)
        append(UInt16(clamping: 8 + attributes.bytes.count))
        append(UInt8(hop.isOnLink ? NextHop.onLinkFlag : 0))
        append(UInt8(clamping: hop.weight - 1))
        append(hop.link?.rawValue ?? 0)
        for byte in attributes.bytes { append(byte) }
    }

    /// Writes gateway and encapsulation of a next hop; the link has its place elsewhere where there are several.
    private mutating func gateway(of hop: NextHop, family: AddressFamily) {
        if let gateway = hop.gateway {
            if gateway.family == family {
                attribute(RTA.gateway, gateway)
            } else {
                attribute(RTA.via) { writer in
                    writer.append(UInt16(gateway.family.kernelNumber))
                    writer.append(gateway)
                }
            }
        }
        for other in hop.others {
            // Kernels look for the flag in some encapsulations, and leave it out themselves when they tell a route.
            attribute(other.type, flags: other.type == RTA.encapsulation ? 0x8000 : 0) { writer in
                for byte in other.bytes { writer.append(byte) }
            }
        }
    }

    /// Writes an address, the highest byte first.
    private mutating func append(_ address: IPAddress) {
        switch address {
        case .v4(let address): append(address.bits.bigEndian)
        case .v6(let address): append(address.bits.bigEndian)
        }
    }
}
