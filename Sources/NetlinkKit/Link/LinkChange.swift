public import IPAMCore

/// What to change on a link that is there.
public struct LinkChange: Sendable, Hashable {
    /// The name to have; kernels before 6.2 rename only what is switched off.
    public var name: InterfaceName?
    /// What to set.
    public var settings: LinkSettings
    /// Options of a bond to set.
    public var bondOptions: BondOptions?

    /// Describes a change.
    ///
    /// - Parameters:
    ///   - name: The name to have.
    ///   - settings: What to set.
    ///   - bondOptions: Options of a bond to set.
    public init(
        name: InterfaceName? = nil, settings: LinkSettings = LinkSettings(), bondOptions: BondOptions? = nil
    ) {
        self.name = name
        self.settings = settings
        self.bondOptions = bondOptions
    }
}
