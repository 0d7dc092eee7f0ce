internal import CNITypes
internal import IPAMCore
public import IPAMPlugin
internal import NetlinkKit
internal import SystemPackage

extension WireProbe {
    /// Asks the kernel's network.
    public static let system = WireProbe { question throws(CNIError) in
        do throws(NetlinkError) {
            // Before the namespace is entered: these are the node's.
            let node = question.targets.contains(where: \.findsConflict) ? try NodeAddresses() : NodeAddresses.none
            return try NetworkNamespace(path: FilePath(question.namespacePath)).perform { () throws(NetlinkError) in
                try question.asked(node)
            }
        } catch {
            throw CNIError(
                error.code == .timedOut ? .tryAgainLater : .kernelRefused,
                "cannot find out whether addresses are free", details: "\(error)")
        }
    }
}

extension WireQuestion {
    /// Asks in the namespace of the calling thread.
    fileprivate func asked(_ node: NodeAddresses) throws(NetlinkError) -> WireAnswer {
        var socket = try RouteSocket()
        let link: Link
        do throws(NetlinkError) {
            link = try socket.link(named: interface)
        } catch {
            guard error.code == .notFound else { throw error }
            return .notAsked("there is no link \(interface) yet")
        }
        guard let mac = link.address else { return .notAsked("\(interface) has no Ethernet address") }
        let configured = Set(try socket.addresses(on: link.index).map(\.address))
        let open = targets.filter { !configured.contains($0.address) }
        var verdicts: [IPAddress: ProbeVerdict] = [:]
        if !open.isEmpty {
            if !link.isUp { try socket.update(link.index, LinkChange(settings: LinkSettings(isUp: true))) }
            let probed = open.map { ProbeTarget($0.address, detectsConflict: $0.findsConflict, gateway: $0.gateway) }
            let found = try AddressProbe.run(
                probed, on: ProbeLink(link.index, mac: mac, nodeAddresses: Set(node.users.keys)), by: deadline)
            for (target, verdict) in zip(open, found) { verdicts[target.address] = verdict }
        }
        return .findings(
            targets.map { target in
                switch verdicts[target.address] {
                case nil: .configured
                case .free, .reachable: .free
                case .unreachable: .unreachable
                case .conflict(.neighbor(let mac)): .used(AddressUser(mac: mac))
                case .conflict(.node): .used(node.users[target.address] ?? AddressUser(mac: .zero))
                }
            })
    }
}
