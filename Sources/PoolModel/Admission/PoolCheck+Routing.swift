internal import IPAMCore
internal import JSONTree

extension PoolCheck {
    /// The gateway is inside the subnet and nobody can get it.
    mutating func checkGateway() {
        guard let text = pool.spec.gateway else { return }
        do throws(AddressParseError) {
            let address = try IPAddress(parsing: text)
            if let family, address.family != family {
                add(
                    .invalid, at: "gateway", value: text,
                    "is \(address.family), but the pool is \(family); give an address of the pool's family")
                return
            }
            if let subnet, !subnet.contains(address) {
                add(
                    .invalid, at: "gateway", value: text,
                    "lies outside spec.subnet \(subnet); give an address within \(subnet.range)")
                return
            }
            gateway = address
        } catch {
            errors.append(.unreadable(text, at: .spec.appending("gateway"), error))
        }
        guard let gateway, !excluded.contains(where: { $0.range.contains(gateway) }) else { return }
        for (index, range) in included where range.contains(gateway) {
            errors.append(
                FieldError(
                    .invalid, at: .spec.appending("ips").appending(index), value: pool.spec.ips[index],
                    "contains the gateway \(gateway); add it to spec.excludeIPs or take it out of the range"))
        }
    }

    /// Every route has a destination of its own, not the default, and a next hop inside the subnet.
    mutating func checkRoutes() {
        var seen: [CIDR: Int] = [:]
        for (index, route) in (pool.spec.routes ?? []).enumerated() {
            let path = JSONFieldPath.spec.appending("routes").appending(index)
            let destination = destination(of: route, at: path.appending("dst"), seen: &seen, index: index)
            let nextHop = nextHop(of: route, at: path.appending("gw"))
            if let destination, let nextHop { routes.append(PoolRoute(destination: destination, gateway: nextHop)) }
        }
    }

    private mutating func destination(
        of route: SpiderIPPool.Route, at path: JSONFieldPath, seen: inout [CIDR: Int], index: Int
    ) -> CIDR? {
        let destination: CIDR
        do throws(AddressParseError) {
            destination = try CIDR(lenientParsing: route.dst)
        } catch {
            errors.append(.unreadable(route.dst, at: path, error))
            return nil
        }
        let problem: String
        if let family, destination.family != family {
            problem = "is \(destination.family), but the pool is \(family); give a CIDR of the pool's family"
        } else if destination.isDefault {
            problem = "is the default route; set spec.gateway instead"
        } else if let other = seen[destination] {
            problem = "is the destination of spec.routes[\(other)] already; remove one of the two"
        } else {
            seen[destination] = index
            return destination
        }
        errors.append(FieldError(.invalid, at: path, value: route.dst, problem))
        return nil
    }

    private mutating func nextHop(of route: SpiderIPPool.Route, at path: JSONFieldPath) -> IPAddress? {
        do throws(AddressParseError) {
            let address = try IPAddress(parsing: route.gw)
            if let subnet, !subnet.contains(address) {
                errors.append(
                    FieldError(
                        .invalid, at: path, value: route.gw,
                        "lies outside spec.subnet \(subnet); the next hop must be an address within \(subnet.range)"))
                return nil
            }
            return address
        } catch {
            errors.append(.unreadable(route.gw, at: path, error))
            return nil
        }
    }
}
