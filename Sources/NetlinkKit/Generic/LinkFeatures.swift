/// The features of a link, the lines of `ethtool -k`.
public struct LinkFeatures: Sendable, Hashable {
    /// Those that are on.
    public let active: Set<LinkFeature>
    /// Those that can be switched.
    public let changeable: Set<LinkFeature>

    /// Reads what comes after the header of an `ETHTOOL_MSG_FEATURES_GET_REPLY` message.
    init?(_ payload: RawSpan) {
        var active: Set<LinkFeature> = []
        var changeable: Set<LinkFeature> = []
        let isWhole = payload.forEachAttribute(from: GenericSocket.headerBytes) { type, value in
            switch type {
            case 2: changeable = Self.names(in: value)  // ETHTOOL_A_FEATURES_HW
            case 4: active = Self.names(in: value)  // ETHTOOL_A_FEATURES_ACTIVE
            default: break
            }
        }
        guard isWhole else { return nil }
        self.active = active
        self.changeable = changeable
    }

    /// The names of the bits that are set. A bitset with a mask lists others too; one without lists no others.
    private static func names(in bitset: RawSpan) -> Set<LinkFeature> {
        var names: Set<LinkFeature> = []
        var isWithoutMask = false
        bitset.forEachAttribute { type, bits in
            switch type {
            case 1: isWithoutMask = true  // ETHTOOL_A_BITSET_NOMASK
            case 3:  // ETHTOOL_A_BITSET_BITS
                bits.forEachAttribute { _, bit in
                    var name: String?
                    var isSet = isWithoutMask
                    bit.forEachAttribute { type, value in
                        if type == 2 { name = value.text }  // ETHTOOL_A_BITSET_BIT_NAME
                        if type == 3 { isSet = true }  // ETHTOOL_A_BITSET_BIT_VALUE
                    }
                    if isSet, let name { names.insert(LinkFeature(rawValue: name)) }
                }
            default: break
            }
        }
        return names
    }
}
