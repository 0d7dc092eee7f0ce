import ArgumentParser
import EmbeddedStore
import IPAMCore
import JSONTree
import PoolModel

/// A kind as people write it: `ippools`, `spiderippool`, `sp`.
struct KindArgument: ExpressibleByArgument {
    let type: any Resource.Type

    init?(argument: String) {
        guard let type = ResourceRegistry.standard.type(named: argument) else { return nil }
        self.type = type
    }

    static var allValueStrings: [String] { ["ippools", "reservedips"] }
    var defaultValueDescription: String { type.kind.plural }
}

struct Get: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show pools or reservations.",
        discussion: "As YAML or JSON the output can be applied again.")

    @ParentCommand var root: SpiderpoolCtl
    @OptionGroup var location: StoreLocation

    @Argument(help: ArgumentHelp("What to show: ippools or reservedips (also sp, sr).", valueName: "kind"))
    var kind: KindArgument

    @Argument(help: "Only these.")
    var names: [String] = []

    @Option(name: .shortAndLong, help: "The form of the output.")
    var output = OutputFormat.table

    func run() throws {
        let state = try StateFile(location, root)
        var store = try state.open()
        do throws(StoreError) {
            if kind.type == SpiderIPPool.self {
                let pools = try select(try store.pools())
                try show(pools, in: &store, bootID: state.bootID)
            } else {
                show(try select(try store.reservations()))
            }
        } catch {
            throw Failure("\(error)")
        }
        if let missing { throw Failure("\(kind.type.kind.singular) \(missing) does not exist") }
    }

    private var missing: String? {
        guard !names.isEmpty, let store = try? StateFile(location, root).open(),
            let known = try? store.resources(ofKind: kind.type.kind.name).map(\.name)
        else { return nil }
        return names.first { !known.contains($0) }
    }

    private func select<Kind: Resource>(_ all: [Kind]) throws(StoreError) -> [Kind] {
        names.isEmpty ? all : all.filter { names.contains($0.name) }
    }

    private func show(
        _ pools: [SpiderIPPool], in store: inout EmbeddedStore, bootID: String
    ) throws(StoreError) {
        var complete: [SpiderIPPool] = []
        for var pool in pools {
            pool.status = try store.status(of: pool, bootID: bootID)
            complete.append(pool)
        }
        guard output == .table || output == .wide else {
            return show(trees: complete.map(\.tree), complete.map(\.name))
        }
        let isWide = output == .wide
        var table = Table(
            ["NAME", "VERSION", "SUBNET", "ALLOCATED-IP-COUNT", "TOTAL-IP-COUNT", "DEFAULT"]
                + (isWide ? ["DISABLE", "NODENAME", "MULTUSNAME", "IPS"] : []))
        for pool in complete { table.add(columns(of: pool, isWide: isWide)) }
        if complete.isEmpty { Standard.error("No pools.") } else { print(table.text) }
    }

    private func columns(of pool: SpiderIPPool, isWide: Bool) -> [String] {
        var columns = [pool.name, pool.family.map { "\($0.rawValue)" } ?? "", pool.spec.subnet]
        columns.append(pool.status.allocatedIPCount.map(String.init) ?? "")
        columns.append(pool.status.totalIPCount.map(String.init) ?? "")
        columns.append(String(pool.spec.isDefault))
        guard isWide else { return columns }
        columns.append(String(pool.spec.isDisabled))
        columns.append(pool.spec.nodeName.joined(separator: ","))
        columns.append(pool.spec.multusName.joined(separator: ","))
        columns.append(pool.spec.ips.joined(separator: ","))
        return columns
    }

    private func show(_ reservations: [SpiderReservedIP]) {
        guard output == .table || output == .wide else {
            return show(trees: reservations.map(\.tree), reservations.map(\.name))
        }
        var table = Table(["NAME", "VERSION", "IPS"])
        for reservation in reservations {
            table.add(
                [
                    reservation.name, reservation.family.map { "\($0.rawValue)" } ?? "",
                    reservation.spec.ips.joined(separator: ","),
                ])
        }
        if reservations.isEmpty { Standard.error("No reservations.") } else { print(table.text) }
    }

    private func show(trees: [JSONValue], _ found: [String]) {
        if output == .name {
            for name in found { print("\(kind.type.kind.singular)/\(name)") }
            return
        }
        if names.count == 1, let only = trees.first, trees.count == 1 { return print(only.printed(as: output)) }
        if names.count == 1 { return }
        let list: JSONValue = ["apiVersion": "v1", "kind": "List", "items": .array(trees)]
        print(list.printed(as: output))
    }
}
