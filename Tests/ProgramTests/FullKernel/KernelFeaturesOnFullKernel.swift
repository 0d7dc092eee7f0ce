import Testing

/// What the kernel of the virtual machine has to know; a module that is missing is named here, before anything else fails
/// for want of it.
@Suite(.onFullKernel, .serialized) struct KernelFeaturesOnFullKernel {
    /// A kind of link, and what `ip link add` says after `type`.
    struct Kind: CustomTestStringConvertible {
        let name: String
        let options: [String]

        init(_ name: String, _ options: String...) {
            self.name = name
            self.options = options
        }

        var testDescription: String { name }

        static let all = [
            Kind("bond", "mode", "802.3ad"), Kind("bridge", "vlan_filtering", "1"), Kind("dummy"),
            Kind("vrf", "table", "100"), Kind("veth", "peer", "name", "sp-peer"),
            Kind("vxlan", "id", "7", "dstport", "4789"),
        ]
        static let onALink = [
            Kind("ipvlan", "mode", "l2"), Kind("ipvlan", "mode", "l3s"), Kind("macvlan", "mode", "bridge"),
            Kind("macvtap", "mode", "bridge"), Kind("vlan", "id", "7"),
            Kind("vlan", "protocol", "802.1ad", "id", "7"),
        ]
    }

    let folder = TemporaryFolder()

    @Test(arguments: Kind.all) func knowsTheKind(_ kind: Kind) throws {
        try add("sp-link", kind)
        try Program.system("ip", "link", "delete", "sp-link", in: folder)
    }

    @Test(arguments: Kind.onALink) func knowsTheKindOnALink(_ kind: Kind) throws {
        try add("sp-lower", Kind("dummy"))
        defer { _ = try? Program.system("ip", "link", "delete", "sp-lower", in: folder) }
        try add("sp-link", on: ["link", "sp-lower"], kind)
    }

    private func add(_ name: String, on lower: [String] = [], _ kind: Kind) throws {
        let command = ["ip", "link", "add"] + lower + ["name", name, "type", kind.name] + kind.options
        let outcome = try RunningProgram(command, in: folder).wait()
        try #require(outcome.status == 0, "\(command.joined(separator: " ")): \(outcome.diagnostics)")
    }
}
