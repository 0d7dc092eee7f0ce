import ArgumentParser
import EmbeddedStore
import IPAMCore
import JSONTree

struct Claims: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show who has which address.",
        discussion: """
            Several filters must all hold. The state is "allocated" while a container runs, "retained" while an address \
            is kept for its workload, and "void" when the container ended with an earlier start of this host; the next \
            ADD frees the latter.

            Addresses in quarantine, which somebody outside of all pools was seen using, stand below, unless claims are \
            selected by pool, container or owner.
            """)

    @ParentCommand var root: SpiderpoolCtl
    @OptionGroup var location: StoreLocation

    @Argument(
        help: "Only this address.",
        transform: { text in
            do { return try IPAddress(parsing: text) } catch { throw ValidationError("\(error)") }
        })
    var address: IPAddress?

    @Option(help: "Only addresses of this pool.")
    var pool: String?

    @Option(help: "Only addresses of this container, by its ID or the beginning of it.")
    var container: String?

    @Option(help: "Only addresses of this workload: namespace/name, or the name.")
    var owner: String?

    @Option(name: .shortAndLong, help: "The form of the output.")
    var output = OutputFormat.table

    func run() throws {
        let state = try StateFile(location, root)
        let store = try state.open()
        var claims: [Claim]
        var quarantines: [Rest] = []
        do throws(StoreError) {
            claims = try store.claims()
            if pool == nil, container == nil, owner == nil { quarantines = try store.quarantines(at: state.now) }
        } catch {
            throw Failure("\(error)")
        }
        quarantines = quarantines.filter { (address ?? $0.address) == $0.address }
        claims = claims.filter { claim in
            (address ?? claim.address) == claim.address && (pool ?? claim.pool) == claim.pool
                && claim.containerID.hasPrefix(container ?? "")
                && (owner.map { $0 == claim.ownerName || $0 == claim.owner.name } ?? true)
        }
        show(claims, quarantines, bootID: state.bootID)
    }

    private func show(_ claims: [Claim], _ quarantines: [Rest], bootID: String) {
        switch output {
        case .json, .yaml:
            var tree: JSONObject = ["claims": .array(claims.map { $0.tree(bootID: bootID) })]
            if !quarantines.isEmpty { tree["quarantined"] = .array(quarantines.map(\.tree)) }
            print(JSONValue.object(tree).printed(as: output))
        case .name:
            for claim in claims { print(claim.address) }
        case .table, .wide:
            show(claims, bootID: bootID)
            show(quarantines)
        }
    }

    private func show(_ claims: [Claim], bootID: String) {
        guard !claims.isEmpty else { return Standard.error("No claims.") }
        var table = Table(
            ["ADDRESS", "POOL", "OWNER", "INTERFACE", "CONTAINER", "STATE", "SINCE"]
                + (output == .wide ? ["NODE", "NETWORK", "UID", "SEQUENCE"] : []))
        for claim in claims {
            let container = output == .wide ? claim.containerID : String(claim.containerID.prefix(12))
            table.add(
                [
                    claim.address.description, claim.pool, claim.owner.name.isEmpty ? "" : claim.ownerName,
                    claim.interface, container, claim.stateText(bootID: bootID), "\(claim.since)",
                ] + (output == .wide ? [claim.node, claim.network, claim.owner.uid, "\(claim.sequence)"] : []))
        }
        print(table.text)
    }

    private func show(_ quarantines: [Rest]) {
        guard !quarantines.isEmpty else { return }
        print("\nQuarantined, not given to anybody:")
        var table = Table(["ADDRESS", "USED BY", "SINCE", "UNTIL"])
        for rest in quarantines {
            table.add([
                rest.address.description, rest.holder?.description ?? "", "\(rest.since)", "\(rest.until)",
            ])
        }
        print(table.text)
    }
}

extension Rest {
    /// The quarantine for programs.
    fileprivate var tree: JSONValue {
        var members: JSONObject = [
            "address": .string(address.description), "since": .string("\(since)"), "until": .string("\(until)"),
        ]
        if let holder { members["mac"] = .string(holder.description) }
        return .object(members)
    }
}

extension Claim {
    /// The claim for programs; members without a value are left out.
    func tree(bootID: String) -> JSONValue {
        let texts: [(String, String)] = [
            ("address", address.description), ("pool", pool), ("namespace", owner.namespace), ("name", owner.name),
            ("uid", owner.uid), ("controllerKind", owner.controllerKind), ("controllerName", owner.controllerName),
            ("interface", interface), ("containerID", containerID), ("network", network), ("node", node),
            ("state", stateText(bootID: bootID)), ("since", "\(since)"),
        ]
        var members = texts.filter { !$0.1.isEmpty }.map { ($0.0, JSONValue.string($0.1)) }
        members.append(("sequence", .number(JSONNumber(sequence))))
        return .object(JSONObject(members))
    }

    fileprivate func stateText(bootID: String) -> String { isVoid(on: bootID) ? "void" : "\(state)" }
}
