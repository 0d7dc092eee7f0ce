public import IPAMCore

extension SpiderIPPool {
    /// The addresses of `ips`, excluded ones included; entries that cannot be read declare nothing.
    public var declaredAddresses: AddressSet { AddressSet(spec.ips.compactMap { AddressRange($0) }) }
}
