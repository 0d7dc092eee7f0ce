import IPAMCore
import Testing

@testable import Coordinator
@testable import NetlinkKit

/// A node as the kernel would describe it, put together link by link.
struct NodeModel {
    private(set) var state = DeviceState(links: [])

    /// Three network cards, all on, and loopback.
    static let threeCards: Self = {
        var node = Self()
        node.add("lo", flags: [.up, .loopback])
        for name in ["ens1", "ens2", "ens3"] { node.add(name, flags: [.up, .running]) }
        return node
    }()

    @discardableResult
    mutating func add(
        _ name: String, _ kind: LinkKind? = nil, flags: LinkFlags = [.up, .running], on parent: String? = nil,
        in master: String? = nil, details: LinkDetails = .none, mtu: UInt32 = 1500, limit: UInt32? = nil,
        alias: String = ""
    ) -> LinkIndex {
        guard let index = LinkIndex(rawValue: Int32(state.links.count + 1)) else {
            preconditionFailure("numbers begin with 1")
        }
        var link = Link(index: index, flags: flags, hardwareType: 1)
        link.name = name
        link.kind = kind
        link.mtuBytes = mtu
        link.maximumMTUBytes = limit
        link.alias = alias
        link.details = details
        link.parent = parent.map(self.index)
        link.master = master.map(self.index)
        state.links.append(link)
        return index
    }

    mutating func change(_ name: String, _ body: (inout Link) -> Void) {
        for place in state.links.indices where state.links[place].name == name { body(&state.links[place]) }
    }

    mutating func addVLAN(_ name: String, _ id: UInt16, on parent: String, _ tag: VLANProtocol = .customer) throws {
        let id = try #require(VLANIdentifier(rawValue: id))
        add(name, .vlan, on: parent, details: .vlan(id: id, protocol: tag))
    }

    /// A bond as the kernel would describe one that was made with the options.
    mutating func addBond(
        _ name: String, _ mode: BondMode, _ text: String = "miimon=100", flags: LinkFlags = [.up, .running],
        members: [String], alias: String = ""
    ) throws {
        var options = BondOptions(mode: mode)
        for (option, value) in [
            (BondOption.miimon, "0"), (.updelay, "0"), (.downdelay, "0"), (.arpInterval, "0"), (.useCarrier, "1"),
            (.xmitHashPolicy, "layer2"), (.failOverMAC, "none"), (.primaryReselect, "always"), (.minLinks, "0"),
            (.lacpRate, "slow"),
        ] { options[option] = option.value(parsing: value) }
        for item in try DeviceBondOptionText.items(text) {
            options[item.option] = item.option.rule.form == .link ? .link(index(item.value)) : try item.parsed()
        }
        let bond = add(name, .bond, flags: flags, details: .bond(options), alias: alias)
        for member in members { change(member) { $0.master = bond } }
    }

    mutating func give(_ address: String, to name: String) throws {
        let parts = address.split(separator: "/").map(String.init)
        let value = try #require(IPAddress(parts[0]))
        let length = try #require(Int(parts[1]))
        let linkAddress = LinkAddress(value, prefixLength: length, on: index(name))
        state.addresses.append(try #require(linkAddress))
    }

    mutating func addRoute(to destination: String, via gateway: String?, over name: String) throws {
        let hop = NextHop(link: index(name), gateway: gateway.flatMap { IPAddress($0) })
        state.routes.append(Route(to: try CIDR(parsing: destination), path: .hop(hop)))
    }

    /// Something in another namespace.
    mutating func addUser(_ words: String, on name: String) {
        state.users.append(DeviceUser(parent: index(name), words: words))
    }

    func index(_ name: String) -> LinkIndex {
        guard let link = state.links.first(where: { $0.name == name }) else { preconditionFailure("no \(name)") }
        return link.index
    }

    /// What would be done, line by line, or why not.
    func plan(_ configuration: DeviceConfiguration) -> String {
        do throws(DeviceError) {
            let operations = try DevicePlan(configuration, state).operations
            return operations.isEmpty ? "nothing" : operations.map(\.description).joined(separator: "\n")
        } catch {
            return "\(error.code.rawValue): \(error)"
        }
    }
}

extension DeviceConfiguration {
    /// A configuration in the words of the plugin's.
    static func of(
        _ interfaces: String..., vlan: Int64 = 0, bond: String? = nil, mode: String = "", options: String = "",
        existing: String = "", force: Bool = false, mtu: Int64 = 0, allowsDuplicates: Bool = false
    ) throws(DeviceError) -> Self {
        var text: DeviceBond.Text?
        if let bond {
            var wanted = DeviceBond.Text()
            wanted.name = bond
            wanted.mode = mode
            wanted.options = options
            wanted.existing = existing
            wanted.force = force
            text = wanted
        }
        return try Self(
            interfaces: interfaces, vlanID: vlan, bond: text, mtu: mtu, allowsDuplicateVLANID: allowsDuplicates)
    }
}
