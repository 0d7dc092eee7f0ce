extension PodAnnotations {
    /// The networks of the further interfaces, ``AnnotationKey/networks``; none when the Pod does not have it.
    ///
    /// - Throws: ``PoolSelectionError`` when the annotation cannot be understood.
    public func networks() throws(PoolSelectionError) -> [NetworkSelection] {
        guard let text = values[AnnotationKey.networks] else { return [] }
        return try AnnotationFormat.networks.networks(text)
    }

    /// The network of the first interface, ``AnnotationKey/defaultNetwork``; of several the first counts.
    ///
    /// - Throws: ``PoolSelectionError`` when the annotation cannot be understood.
    public func defaultNetwork() throws(PoolSelectionError) -> NetworkSelection? {
        guard let text = values[AnnotationKey.defaultNetwork] else { return nil }
        return try AnnotationFormat.defaultNetwork.networks(text).first
    }

    /// The names of the interfaces in the order in which Multus makes them: `eth0`, then one for each of
    /// ``networks()``, `net1`, `net2` and so on where the annotation does not name it.
    ///
    /// - Throws: ``PoolSelectionError`` when the annotation cannot be understood.
    public func interfacesInOrder() throws(PoolSelectionError) -> [String] {
        var names = [PoolInstructions.primaryInterface]
        for (index, network) in try networks().enumerated() { names.append(network.interface ?? "net\(index + 1)") }
        return names
    }

    /// The network object that an interface comes from; `nil` when nothing says so.
    ///
    /// - Parameters:
    ///   - interface: The name of the interface.
    ///   - podNamespace: The Pod's namespace, which completes the names of ``networks()``.
    ///   - clusterNetwork: What `eth0` is attached to when the Pod does not say.
    ///   - homeNamespace: The namespace that completes the name of the default network.
    /// - Returns: The network object, its namespace completed where one is known.
    /// - Throws: ``PoolSelectionError`` when the annotation that decides cannot be understood.
    public func network(
        of interface: String, podNamespace: String?, clusterNetwork: String?, homeNamespace: String?
    ) throws(PoolSelectionError) -> NetworkAttachment? {
        if interface == PoolInstructions.primaryInterface {
            if let selection = try defaultNetwork() { return selection.attachment(in: homeNamespace) }
            return clusterNetwork.map { NetworkAttachment($0, in: homeNamespace) }
        }
        for (index, selection) in try networks().enumerated()
        where selection.interface ?? "net\(index + 1)" == interface {
            return selection.attachment(in: podNamespace)
        }
        return nil
    }
}
