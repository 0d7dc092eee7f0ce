public import IPAMCore

extension RouteBatch {
    /// Adds an address; refused with ``NetlinkError/Code/exists`` when it is there: `ip address add`.
    public mutating func add(_ address: LinkAddress) {
        append("add address \(address) on link \(address.link)", .newAddress, [.create, .exclusive]) {
            address.write(to: &$0)
        }
    }

    /// Adds an address, or changes the flags and lifetimes of the one that is there: `ip address replace`.
    public mutating func update(_ address: LinkAddress) {
        append("replace address \(address) on link \(address.link)", .newAddress, [.create, .replace]) {
            address.write(to: &$0)
        }
    }

    /// Removes an address: `ip address delete`.
    public mutating func remove(_ address: LinkAddress) {
        append("remove address \(address) on link \(address.link)", .deleteAddress) { address.write(to: &$0) }
    }
}

extension RouteSocket {
    /// The addresses of a link, or of all: `ip address show [dev NAME]`.
    ///
    /// - Parameters:
    ///   - link: The link; `nil` for all.
    ///   - family: Of which family; `nil` for both.
    /// - Returns: The addresses, in the order of the kernel.
    /// - Throws: ``NetlinkError``; ``NetlinkError/Code/notFound`` when there is no such link.
    public mutating func addresses(
        on link: LinkIndex? = nil, family: AddressFamily? = nil
    ) throws(NetlinkError) -> [LinkAddress] {
        let request = MessageWriter(.getAddress, .dump) {
            $0.addressHeader(
                family: family?.kernelNumber ?? 0, prefixLength: 0, flags: 0, scope: 0, index: link?.rawValue ?? 0)
        }
        return try socket.dump("addresses", request, reply: .newAddress) { payload, addresses in
            guard let number = payload.integer(as: UInt8.self) else { return false }
            guard AddressFamily(kernelNumber: number) != nil else { return true }
            guard let address = LinkAddress(payload) else { return false }
            // Kernels without strict checking tell of all links.
            if link == nil || link == address.link { addresses.append(address) }
            return true
        }
    }

    /// Adds an address; refused with ``NetlinkError/Code/exists`` when it is there: `ip address add`.
    public mutating func add(_ address: LinkAddress) throws(NetlinkError) {
        try perform { $0.add(address) }
    }

    /// Adds an address, or changes the flags and lifetimes of the one that is there: `ip address replace`.
    public mutating func update(_ address: LinkAddress) throws(NetlinkError) {
        try perform { $0.update(address) }
    }

    /// Removes an address: `ip address delete`.
    public mutating func remove(_ address: LinkAddress) throws(NetlinkError) {
        try perform { $0.remove(address) }
    }
}
