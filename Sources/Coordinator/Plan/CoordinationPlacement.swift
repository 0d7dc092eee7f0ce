public import IPAMCore
public import NetlinkKit

/// Where an interface stands among those of its Pod: what follows from the mode, the Pod's links and what earlier calls
/// left behind.
public struct CoordinationPlacement: Sendable, Hashable {
    /// Whether an auxiliary pair carries what passes between Pod and node; else the Pod's first interface does.
    public let isUnderlay: Bool
    /// Whether this is the first interface that is coordinated in the Pod.
    public let isFirst: Bool
    /// The interface.
    public let link: Link
    /// The Pod's link towards the node; `nil` when the auxiliary pair has to be made.
    public let nodeFacing: Link?
    /// The addresses of the interface that count, IPv4 first.
    public let addresses: [IPAddress]

    /// The families of the interface, IPv4 first.
    public var families: [AddressFamily] {
        AddressFamily.both.filter { family in addresses.contains { $0.family == family } }
    }

    /// The name of the Pod's end of the auxiliary pair.
    static var auxiliaryName: String { "veth0" }

    /// Decides; `nil` when the mode says that nothing is to be done.
    ///
    /// - Parameters:
    ///   - subject: The interface.
    ///   - settings: The settings.
    ///   - pod: What there is in the Pod.
    /// - Throws: ``CoordinationError`` when the interface is missing or has no address, or the mode does not fit the Pod.
    public init?(
        _ subject: CoordinationSubject, _ settings: CoordinatorSettings, _ pod: PodState
    ) throws(CoordinationError) {
        guard settings.mode != .disable else { return nil }
        guard let link = pod.link(named: subject.interface) else {
            throw CoordinationError(
                .missing, "no interface \"\(subject.interface)\" in the Pod",
                detail: "the plugin before this one makes it; the Pod has \(pod.linkList)")
        }
        addresses = pod.usableAddresses(of: link.index)
        guard !addresses.isEmpty else {
            throw CoordinationError(
                .missing, "no usable IP addresses on \"\(subject.interface)\"",
                detail: "it needs one that is not link-local; does the plugin before this one have an ipam section?")
        }
        self.link = link
        let auxiliary = pod.links.first { $0.name == Self.auxiliaryName }
        let isFirstInterface = subject.interface == settings.firstInterface
        isUnderlay =
            settings.mode == .underlay || (settings.mode == .auto && (isFirstInterface || auxiliary != nil))
        if isUnderlay {
            isFirst = isFirstInterface
            nodeFacing = auxiliary
            try Self.checkUnderlay(subject, settings, auxiliary)
        } else {
            let first = pod.link(named: settings.firstInterface)
            isFirst = pod.isFirstOverlay(link)
            nodeFacing = first
            try Self.checkOverlay(subject, settings, auxiliary, first)
        }
    }

    private static func checkUnderlay(
        _ subject: CoordinationSubject, _ settings: CoordinatorSettings, _ auxiliary: Link?
    ) throws(CoordinationError) {
        guard subject.interface != settings.firstInterface, auxiliary == nil else { return }
        throw CoordinationError(
            .settings,
            "when creating interface \"\(subject.interface)\" in underlay mode, it detects that the auxiliary "
                + "interface \(auxiliaryName) was not created by previous interface",
            detail: "coordinate \(settings.firstInterface) in underlay mode too, or use mode overlay or auto")
    }

    private static func checkOverlay(
        _ subject: CoordinationSubject, _ settings: CoordinatorSettings, _ auxiliary: Link?, _ first: Link?
    ) throws(CoordinationError) {
        if subject.interface == settings.firstInterface {
            throw CoordinationError(
                .settings,
                "when creating interface \"\(subject.interface)\" in overlay mode, it detects that the current "
                    + "interface is first interface named \(settings.firstInterface)",
                detail: "this plugin should not work for it; use mode underlay or auto")
        }
        if auxiliary != nil {
            throw CoordinationError(
                .settings,
                "when creating interface \"\(subject.interface)\" in overlay mode, it detects that the auxiliary "
                    + "interface \(auxiliaryName) of underlay mode exists",
                detail: "all interfaces of a Pod have one mode; use mode underlay or auto")
        }
        if first == nil {
            throw CoordinationError(
                .missing, "no interface \"\(settings.firstInterface)\" in the Pod",
                detail: "overlay mode needs the interface of the default network; podDefaultCniNic names it")
        }
    }
}

extension PodState {
    /// The names of all links but loopback, for messages.
    fileprivate var linkList: String {
        let names = links.map(\.name).filter { $0 != "lo" }
        return names.isEmpty ? "none" : names.joined(separator: ", ")
    }

    /// Whether an interface of an overlay Pod is the first that is coordinated.
    fileprivate func isFirstOverlay(_ link: Link) -> Bool {
        if link.mark.isFirst { return true }
        let isAnotherFirst = links.contains { $0.mark.isFirst }
        let hasReplyRule = rules.contains { $0.table == Numbers.replyTable }
        return !isAnotherFirst && !hasReplyRule
    }
}

extension Link {
    /// The table of an interface in a Pod, and whether it was the first of an overlay Pod.
    var mark: (table: RouteTable?, isFirst: Bool) {
        guard case .interface(let table, let isFirst) = LinkMark(alias: alias) else { return (nil, false) }
        return (table, isFirst)
    }
}
