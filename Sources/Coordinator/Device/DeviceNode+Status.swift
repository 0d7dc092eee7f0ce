internal import IPAMCore
internal import NetlinkKit

extension DeviceNode {
    /// Tells whether the devices can be made, without making or verifying them: whether the interfaces are there and the
    /// kernel knows the kinds.
    ///
    /// - Parameter configuration: What is wanted.
    /// - Throws: ``DeviceError`` for the first that is missing.
    public mutating func expectServing(_ configuration: DeviceConfiguration) throws(DeviceError) {
        for (place, name) in configuration.interfaces.enumerated() {
            do throws(NetlinkError) { _ = try socket.link(named: name) } catch {
                guard error.code == .notFound else { throw DeviceError(error) }
                throw .missing(name, field: "interfaces[\(place)]")
            }
        }
        var kinds: [LinkKind] = []
        if configuration.bond != nil { kinds.append(.bond) }
        if configuration.vlan != nil { kinds.append(.vlan) }
        for kind in kinds {
            let isKnown: Bool
            do throws(NetlinkError) { isKnown = try socket.supports(kind) } catch { throw DeviceError(error) }
            guard isKnown else {
                throw DeviceError(
                    .notSupported, "this kernel knows no \(kind) interfaces", details: DeviceError.moduleAdvice)
            }
        }
    }
}

extension DeviceError {
    /// What to do when the kernel does not know a kind of device.
    static let moduleAdvice =
        "load its module (modprobe 8021q, modprobe bonding), or install the package of modules of this kernel"

    /// An interface that has to be there.
    static func missing(_ name: InterfaceName, field: String) -> Self {
        Self(
            .missing, "Link not found: \(name)",
            details:
                "\(field): there is no \(name) on this node: correct the name, or see why its driver has not made it")
    }
}
