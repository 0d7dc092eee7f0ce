extension GenericSocket {
    /// What a driver does for the network stack: `ethtool -k NAME`.
    ///
    /// - Parameter link: Which link.
    /// - Returns: What is on, and what can be switched.
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/notFound`` when there is no such link.
    public mutating func features(of link: LinkIndex) throws(NetlinkError) -> LinkFeatures {
        let family = try family("ethtool")
        let request = MessageWriter(family, []) { writer in
            writer.genericHeader(command: 11, version: 1)  // ETHTOOL_MSG_FEATURES_GET
            writer.nested(1) { $0.attribute(1, link) }  // ETHTOOL_A_FEATURES_HEADER, _HEADER_DEV_INDEX
        }
        return try socket.get("features of link \(link)", request, reply: family) { LinkFeatures($0) }
    }

    /// Switches features on and off: `ethtool -K NAME tx off`.
    ///
    /// Some depend on others, and the kernel then changes those too: see what it returns.
    ///
    /// - Parameters:
    ///   - link: Which link.
    ///   - features: The features and whether they are to be on; others are left as they are.
    /// - Returns: The features afterwards.
    /// - Throws: ``NetlinkError``; ``NetlinkError/Code/notSupported`` when one cannot be switched on this link, with all
    ///   others then as asked for.
    @discardableResult
    public mutating func update(
        _ link: LinkIndex, _ features: [LinkFeature: Bool]
    ) throws(NetlinkError) -> LinkFeatures {
        let operation = "update features of link \(link)"
        let ordered = features.sorted { $0.key.rawValue < $1.key.rawValue }
        let request = MessageWriter(try family("ethtool"), .acknowledge) { writer in
            writer.genericHeader(command: 12, version: 1)  // ETHTOOL_MSG_FEATURES_SET
            writer.nested(1) { writer in  // ETHTOOL_A_FEATURES_HEADER
                writer.attribute(1, link)  // ETHTOOL_A_HEADER_DEV_INDEX
                writer.attribute(3, UInt32(1 << 1))  // ETHTOOL_A_HEADER_FLAGS: ETHTOOL_FLAG_OMIT_REPLY
            }
            writer.nested(3) { writer in  // ETHTOOL_A_FEATURES_WANTED
                writer.nested(3) { writer in  // ETHTOOL_A_BITSET_BITS
                    for (feature, isOn) in ordered {
                        writer.nested(1) { writer in  // ETHTOOL_A_BITSET_BITS_BIT
                            writer.attribute(2, feature.rawValue)  // ETHTOOL_A_BITSET_BIT_NAME
                            if isOn { writer.flag(3) }  // ETHTOOL_A_BITSET_BIT_VALUE
                        }
                    }
                }
            }
        }
        if let failure = try socket.batch(request, { _ in operation }).first { throw failure.error }
        let after = try self.features(of: link)
        for (feature, isOn) in ordered where after.active.contains(feature) != isOn {
            throw NetlinkError(
                .notSupported, operation: operation, detail: "\(feature) stays \(isOn ? "off" : "on") on this link")
        }
        return after
    }
}
