import ArgumentParser
import EmbeddedStore
import ManifestFile
import PoolModel

struct Delete: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Delete pools or reservations.",
        discussion: """
            A pool stays while one of its addresses is in use; to empty it, apply it with "disable: true" and stop its \
            users.
            """)

    @ParentCommand var root: SpiderpoolCtl
    @OptionGroup var location: StoreLocation

    @Argument(help: ArgumentHelp("What to delete: ippool or reservedip (also sp, sr).", valueName: "kind"))
    var kind: KindArgument

    @Argument(help: "Which.")
    var names: [String]

    @Flag(help: "What does not exist is no error.")
    var ignoreNotFound = false

    func run() throws {
        let state = try StateFile(location, root)
        var store = try state.open()
        let kind = kind.type.kind
        for name in names {
            do throws(TransactionFailure<EmbeddedStore.ApplyFailure>) {
                if try store.delete(kind, named: name, now: state.now, bootID: state.bootID) {
                    print("\(kind.singular)/\(name) deleted")
                } else if !ignoreNotFound {
                    throw .refused(.store(StoreError(.missing, path: store.path)))
                }
            } catch {
                if case .refused(.store(let cause)) = error, cause.code == .missing {
                    throw Failure("\(kind.singular) \(name) does not exist")
                }
                throw Failure(error)
            }
        }
    }
}
