/// Attributes of address messages (`IFA_…`, linux/if_addr.h).
enum IFA {
    /// `IFA_ADDRESS`: the address, or that of the other end.
    static let address: AttributeType = 1
    /// `IFA_LOCAL`: the address.
    static let local: AttributeType = 2
    /// `IFA_LABEL`: text.
    static let label: AttributeType = 3
    /// `IFA_BROADCAST`: the address of all.
    static let broadcast: AttributeType = 4
    /// `IFA_CACHEINFO`: `struct ifa_cacheinfo`.
    static let lifetimes: AttributeType = 6
    /// `IFA_FLAGS`: u32.
    static let flags: AttributeType = 8
}
