import ArgumentParser
import EmbeddedStore
import IPAMCore
import JSONTree

struct History: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what happened to addresses, and who had one at some moment.",
        discussion: """
            Several filters must all hold. A TIME is RFC 3339, like 2026-11-23T20:35:27Z, or how long ago it was: 90s, \
            15m, 2h, 1d12h, 3w.

            The newest \(EmbeddedStore.maximumHistoryCount) events are kept, or some more. Where --at asks for a moment before that, \
            nothing is guessed: the exit code is 1.
            """)

    @ParentCommand var root: SpiderpoolCtl
    @OptionGroup var location: StoreLocation

    @Argument(
        help: "Only this address.",
        transform: { text in
            do { return try IPAddress(parsing: text) } catch { throw ValidationError("\(error)") }
        })
    var address: IPAddress?

    @Option(help: ArgumentHelp("Say who had the address at this moment.", valueName: "time"))
    var at: TimeArgument?

    @Option(help: "Only events of this container, by its ID or the beginning of it.")
    var container: String?

    @Option(help: "Only events of this workload: namespace/name, or the name.")
    var owner: String?

    @Option(help: "Only events of addresses from this pool.")
    var pool: String?

    @Option(help: ArgumentHelp("Nothing before this moment.", valueName: "time"))
    var since: TimeArgument?

    @Option(help: ArgumentHelp("Nothing after this moment.", valueName: "time"))
    var until: TimeArgument?

    @Option(help: "At most so many events, the newest.")
    var limit = 100

    @Option(name: .shortAndLong, help: "The form of the output.")
    var output = OutputFormat.table

    func validate() throws {
        guard limit > 0, limit < 1_000_000_000 else {
            throw ValidationError("--limit is a number from 1 to 999999999")
        }
        guard at != nil else { return }
        guard address != nil else { throw ValidationError("--at needs an address") }
        guard container == nil, owner == nil, pool == nil, since == nil, until == nil else {
            throw ValidationError("--at asks about an address at one moment; it takes no filter")
        }
    }

    func run() throws {
        let state = try StateFile(location, root)
        let store = try state.open()
        let now = state.now
        if let at, let address {
            let moment = at.resolved(now: now)
            guard moment <= now else { throw Failure("\(moment.preciseDescription) lies in the future") }
            let holder: HistoricalHolder
            do throws(StoreError) { holder = try store.holder(of: address, at: moment) } catch {
                throw Failure("\(error)")
            }
            return try show(holder, of: address, at: moment)
        }
        let filter = HistoryFilter(
            address: address, containerPrefix: container, owner: owner, pool: pool,
            since: since?.resolved(now: now), until: until?.resolved(now: now), limit: limit + 1)
        var events: [HistoryEvent]
        do throws(StoreError) { events = try store.history(filter) } catch { throw Failure("\(error)") }
        let hasMore = events.count > limit
        events = events.suffix(limit)
        show(events)
        if hasMore { Standard.error("Only the newest \(limit) are shown; ask for more with --limit.") }
    }

    private func show(_ holder: HistoricalHolder, of address: IPAddress, at moment: Timestamp) throws {
        let time = moment.preciseDescription
        var tree: JSONObject = ["address": .string(address.description), "at": .string(time)]
        switch holder {
        case .unknown(let begin):
            throw Failure(
                "the history does not tell who had \(address) at \(time): it begins "
                    + (begin.map { "at \($0.preciseDescription)" } ?? "at an unknown moment"))
        case .nobody:
            tree["holder"] = .null
        case .held(let tenure):
            tree["holder"] = tenure.tree
        }
        switch (output, holder) {
        case (.json, _), (.yaml, _):
            print(JSONValue.object(tree).printed(as: output))
        case (.name, .held(let tenure)):
            print(tenure.ownerName)
        case (.name, _):
            break
        case (_, .held(let tenure)):
            print("\(address) belonged to \(tenure.sentence) at \(time).")
        default:
            print("Nobody had \(address) at \(time).")
        }
    }

    private func show(_ events: [HistoryEvent]) {
        switch output {
        case .json, .yaml:
            print(JSONValue.object(["history": .array(events.map(\.tree))]).printed(as: output))
        case .name:
            for event in events { print(event.address) }
        case .table, .wide:
            guard !events.isEmpty else { return Standard.error("No events.") }
            var table = Table(
                ["TIME", "ADDRESS", "EVENT", "POOL", "OWNER", "INTERFACE", "CONTAINER"]
                    + (output == .wide ? ["NODE", "UID", "SEQUENCE"] : []))
            for event in events {
                let owner = event.holder.map(\.description) ?? (event.owner.name.isEmpty ? "" : event.ownerName)
                let container = output == .wide ? event.containerID : String(event.containerID.prefix(12))
                table.add(
                    [
                        event.time.preciseDescription, event.address.description, event.kind.rawValue, event.pool,
                        owner, event.interface, container,
                    ] + (output == .wide ? [event.node, event.owner.uid, "\(event.sequence)"] : []))
            }
            print(table.text)
        }
    }
}

extension HistoryEvent {
    /// The event for programs; members without a value are left out.
    fileprivate var tree: JSONValue {
        let texts: [(String, String)] = [
            ("time", time.preciseDescription), ("event", kind.rawValue), ("address", address.description),
            ("pool", pool), ("namespace", owner.namespace), ("name", owner.name), ("uid", owner.uid),
            ("interface", interface), ("containerID", containerID), ("node", node),
            ("mac", holder?.description ?? ""),
        ]
        var members = texts.filter { !$0.1.isEmpty }.map { ($0.0, JSONValue.string($0.1)) }
        if sequence > 0 { members.append(("sequence", .number(JSONNumber(sequence)))) }
        return .object(JSONObject(members))
    }
}

extension HistoricalHolder.Tenure {
    /// The owner with all that is known, and for how long.
    fileprivate var sentence: String {
        var facts: [String] = []
        if !containerID.isEmpty, owner.name.isEmpty ? containerID != owner.uid : true {
            facts.append("container \(containerID)")
        }
        if isRetained { facts.append("kept while it did not run") }
        facts.append("interface \(interface)")
        if !pool.isEmpty { facts.append("pool \(pool)") }
        if let since { facts.append("since \(since.preciseDescription)") }
        if let until { facts.append("until \(until.preciseDescription)") }
        return (owner.name.isEmpty ? "container \(ownerName)" : ownerName) + " (\(facts.joined(separator: ", ")))"
    }

    /// The tenure for programs; members without a value are left out.
    fileprivate var tree: JSONValue {
        let texts: [(String, String)] = [
            ("pool", pool), ("namespace", owner.namespace), ("name", owner.name), ("uid", owner.uid),
            ("interface", interface), ("containerID", containerID), ("node", node),
            ("state", "\(isRetained ? Claim.State.retained : .allocated)"),
            ("since", since?.preciseDescription ?? ""), ("until", until?.preciseDescription ?? ""),
        ]
        return .object(JSONObject(texts.filter { !$0.1.isEmpty }.map { ($0.0, JSONValue.string($0.1)) }))
    }
}
