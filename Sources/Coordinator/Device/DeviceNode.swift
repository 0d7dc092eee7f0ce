internal import IPAMCore
internal import NetlinkKit

/// The devices of the node: of the network namespace in which the calling thread was when the value was made.
///
/// It does what a ``DevicePlan`` says and nothing else. Several processes at once need a lock around ``ensure(_:)``; whoever
/// takes no part in it is noticed, and the plan made anew.
public struct DeviceNode: ~Copyable {
    /// What was done, and what an administrator should know about it.
    public struct Outcome: Sendable, Hashable {
        /// The operations that were carried out.
        public internal(set) var operations: [DeviceOperation] = []
        /// What did not work and does no harm.
        public internal(set) var warnings: [String] = []

        /// Nothing done and nothing to know.
        public init() {}
    }

    var socket: RouteSocket
    /// The numbers of links by their name, as far as the present plan goes.
    var indices: [String: LinkIndex] = [:]
    /// From where new links get their numbers.
    var nextIndex: Int32 = 1

    /// Opens the way to the kernel.
    public init() throws(DeviceError) {
        do throws(NetlinkError) { socket = try RouteSocket() } catch { throw DeviceError(error) }
    }

    // MARK: Looking

    /// Looks at the devices of a configuration only, which takes the same time however many links there are.
    ///
    /// - Parameter configuration: What is wanted.
    /// - Returns: The links that it names, and all members of its bond; enough for an empty ``DevicePlan``.
    /// - Throws: ``DeviceError`` when the kernel does not answer.
    public mutating func look(for configuration: DeviceConfiguration) throws(DeviceError) -> DeviceState {
        do throws(NetlinkError) {
            var links: [Link] = []
            if let bond = configuration.bond {
                if let link = try link(named: bond.name) { links = try [link] + members(of: bond.name) }
            } else if let link = try link(named: configuration.base) {
                links.append(link)
            }
            if configuration.vlan != nil, let link = try link(named: configuration.device) { links.append(link) }
            return DeviceState(links: links)
        } catch {
            throw DeviceError(error)
        }
    }

    /// Looks at everything of this namespace.
    ///
    /// - Returns: All links, addresses and routes; see ``foreignUsers()`` for what other namespaces have on them.
    /// - Throws: ``DeviceError`` when the kernel does not answer.
    public mutating func survey() throws(DeviceError) -> DeviceState {
        do throws(NetlinkError) {
            return DeviceState(
                links: try socket.links(), addresses: try socket.addresses(), routes: try socket.routes())
        } catch {
            throw DeviceError(error)
        }
    }

    /// What is in a bond, as its driver tells it. Netlink could be asked, but the kernel goes through all links to answer.
    ///
    /// - Returns: The members; none where the driver tells nothing, so that everything is looked at.
    private mutating func members(of bond: InterfaceName) throws(NetlinkError) -> [Link] {
        let prefix = "Slave Interface: "
        var members: [Link] = []
        for line in ProcessFile.lines(of: "/proc/thread-self/net/bonding/\(bond)") where line.hasPrefix(prefix) {
            guard let name = InterfaceName(String(line.dropFirst(prefix.count))), let link = try link(named: name)
            else { continue }
            members.append(link)
        }
        return members
    }

    private mutating func link(named name: InterfaceName) throws(NetlinkError) -> Link? {
        do throws(NetlinkError) { return try socket.link(named: name) } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    // MARK: Doing

    /// Whether nothing has to be done. It changes nothing and needs no lock.
    ///
    /// - Parameter configuration: What is wanted.
    /// - Returns: Whether all devices are as they should be; also false when that cannot be.
    /// - Throws: ``DeviceError`` when the kernel does not answer.
    public mutating func isComplete(_ configuration: DeviceConfiguration) throws(DeviceError) -> Bool {
        let state = try look(for: configuration)
        let plan = try? DevicePlan(configuration, state)
        return plan?.operations.isEmpty ?? false
    }

    /// Verifies that all devices are as they should be, and changes nothing.
    ///
    /// - Parameter configuration: What is wanted.
    /// - Throws: ``DeviceError`` that says what is not so, or what would have to be done.
    public mutating func check(_ configuration: DeviceConfiguration) throws(DeviceError) {
        guard try !isComplete(configuration) else { return }
        let plan = try DevicePlan(configuration, try survey())
        guard !plan.operations.isEmpty else { return }
        throw DeviceError(
            .mismatch, "devices of the node are not as configured",
            details: "missing: \(plan.operations.map(\.description).joined(separator: "; ")); the next ADD does it")
    }

    /// Makes all devices what they should be. What was begun and cannot be finished is undone.
    ///
    /// - Parameter configuration: What is wanted.
    /// - Returns: What was done.
    /// - Throws: ``DeviceError``; ``DeviceError/Code/unsettled`` when others kept changing the same devices.
    public mutating func ensure(_ configuration: DeviceConfiguration) throws(DeviceError) -> Outcome {
        var outcome = Outcome()
        var lastRace: DeviceError?
        for _ in 0..<Self.attempts {
            if !outcome.operations.isEmpty, try isComplete(configuration) { return outcome }
            var state = try survey()
            var plan = try DevicePlan(configuration, state)
            if plan.operations.isEmpty { return outcome }
            if plan.takesMembers {
                // Where it may not look into other namespaces, the kernel still refuses most of what would break there.
                state.users = (try? foreignUsers()) ?? []
                plan = try DevicePlan(configuration, state)
            }
            indices = [:]
            for link in state.links { indices[link.name] = link.index }
            // Not one that links made meanwhile get: these have the next ones.
            nextIndex = (state.links.map(\.index.rawValue).max() ?? 0) + Int32.random(in: 64...1024)
            do throws(Interruption) {
                try apply(plan.operations, &outcome)
                outcome.operations += plan.operations
            } catch {
                guard error.isRace else { throw error.error }
                lastRace = error.error
            }
        }
        if let lastRace { throw lastRace }
        throw DeviceError(
            .unsettled, "devices of the node do not stay as configured",
            details: "something else changes them, such as NetworkManager or systemd-networkd: let it leave alone "
                + "\(configuration.device) and \(configuration.interfaces.map(\.text).joined(separator: ", "))")
    }

    /// How often a plan is made when others change the same devices.
    private static let attempts = 4
}

extension DeviceError {
    /// The error of a refusal by the kernel.
    init(_ error: NetlinkError) {
        self.init(
            error.code == .notSupported ? .notSupported : .kernel, "the kernel refused to \(error.operation)",
            details: "\(error)")
    }
}
