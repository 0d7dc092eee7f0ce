public import IPAMCore

/// What the installation allows; part of every decision about admission.
public struct AdmissionSettings: Sendable, Hashable {
    /// The families in which resources may be created.
    public var enabledFamilies: Set<AddressFamily>
    /// Whether a pool with addresses in use may not even be marked for deletion.
    public var refusesDeletionInUse: Bool

    /// Makes settings; by default both families are on and deletion is not guarded.
    public init(
        enabledFamilies: Set<AddressFamily> = Set(AddressFamily.allCases), refusesDeletionInUse: Bool = false
    ) {
        self.enabledFamilies = enabledFamilies
        self.refusesDeletionInUse = refusesDeletionInUse
    }
}

/// An address that somebody uses.
public struct AddressInUse: Sendable, Hashable {
    /// The address.
    public let address: IPAddress
    /// Who uses it, in words for people: `default/web-0`.
    public let owner: String

    /// Makes a record.
    public init(_ address: IPAddress, owner: String) {
        self.address = address
        self.owner = owner
    }
}
