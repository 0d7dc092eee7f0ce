extension CIDR {
    /// Whether `address` belongs to the prefix; never for the other family.
    @inlinable
    public func contains(_ address: IPAddress) -> Bool {
        address.family == family && (address.bits ^ network.bits) & ~hostMask == 0
    }

    /// Whether all addresses of `other` belong to the prefix.
    ///
    /// ```text
    /// self   |----------------|
    /// other      |----|
    /// ```
    @inlinable
    public func contains(_ other: CIDR) -> Bool {
        prefixLength <= other.prefixLength && contains(other.network)
    }

    /// Whether the two share an address; for prefixes that means that one contains the other.
    @inlinable
    public func overlaps(_ other: CIDR) -> Bool { contains(other) || other.contains(self) }

    /// Whether one ends directly before the other begins.
    ///
    /// ```text
    /// self   |-------|
    /// other           |---|
    /// ```
    public func isAdjacent(to other: CIDR) -> Bool { range.isAdjacent(to: other.range) }

    /// The other half of the next larger prefix; `nil` for `/0`.
    public var sibling: CIDR? {
        guard length > 0 else { return nil }
        let bit = UInt128(1) << UInt128(family.bitWidth - prefixLength)
        return CIDR(network: IPAddress(trusted: network.bits ^ bit, family: family), length: length)
    }

    /// The prefix of the given length that contains this one; `nil` when `prefixLength` is negative or longer than ours.
    public func supernet(prefixLength: Int) -> CIDR? {
        guard 0...self.prefixLength ~= prefixLength else { return nil }
        return CIDR(containing: network, prefixLength: prefixLength)
    }

    /// The next larger prefix; `nil` for `/0`.
    public var supernet: CIDR? { supernet(prefixLength: prefixLength - 1) }

    /// The prefixes of the given length inside this one, in ascending order, computed as they are asked for.
    ///
    /// - Returns: `nil` when `prefixLength` is shorter than ours or longer than the family allows.
    public func subnets(prefixLength: Int) -> Subnets? {
        guard self.prefixLength...family.bitWidth ~= prefixLength else { return nil }
        return Subnets(of: self, prefixLength: prefixLength)
    }

    /// The subnets of one length inside a prefix, in ascending order.
    public struct Subnets: Sequence, IteratorProtocol, Sendable {
        private var upcoming: CIDR?
        private let last: IPAddress

        init(of parent: CIDR, prefixLength: Int) {
            upcoming = CIDR(network: parent.network, length: UInt8(prefixLength))
            last = parent.lastAddress
        }

        /// The next subnet, or `nil` after the last.
        public mutating func next() -> CIDR? {
            guard let current = upcoming else { return nil }
            upcoming = nil
            if current.lastAddress < last, let start = current.lastAddress.adding(1) {
                upcoming = CIDR(network: start, length: current.length)
            }
            return current
        }
    }
}
