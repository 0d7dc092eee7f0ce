import ArgumentParser
import EmbeddedStore
import IPAMCore
import JSONTree
import ManifestFile
import PoolModel

struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write everything as manifests: pools, reservations, and who has which address.",
        discussion: """
            The output is one consistent state, also while addresses are given out. "spiderpoolctl import spiderpool" \\
            takes it back, on this host or another one.
            """)

    @ParentCommand var root: SpiderpoolCtl
    @OptionGroup var location: StoreLocation

    @Option(name: .shortAndLong, help: "The form of the output: yaml or json.")
    var output = ExportFormat.yaml

    enum ExportFormat: String, ExpressibleByArgument, CaseIterable {
        case yaml
        case json
    }

    func run() throws {
        var store = try StateFile(location, root).open()
        let trees: [JSONValue]
        do throws(TransactionFailure<StoreError>) {
            trees = try store.transaction(durably: false) { store throws(StoreError) in
                // Who has an address stands in the blocks alone.
                let pools = try store.pools().map(\.exported)
                let reservations = try store.reservations().map(\.exported)
                return pools + reservations + (try store.blocks()).map { SpiderIPBlock($0).tree }
            }
        } catch {
            switch error {
            case .store(let error), .refused(let error): throw Failure("\(error)")
            }
        }
        switch output {
        case .yaml: print(JSONValue.yaml(documents: trees), terminator: "")
        case .json:
            let list: JSONValue = ["apiVersion": "v1", "kind": "List", "items": .array(trees)]
            print(list.text(.pretty))
        }
    }
}

extension Resource {
    /// The manifest without what concerns the object of this store alone.
    fileprivate var exported: JSONValue {
        var copy = self
        copy.metadata.creationTimestamp = nil
        copy.metadata.generation = nil
        return copy.tree
    }
}
