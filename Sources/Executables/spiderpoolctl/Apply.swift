import ArgumentParser
import EmbeddedStore
import Glibc
import IPAMCore
import ManifestFile
import PoolModel

struct Apply: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create or change pools and reservations from manifests.",
        discussion: """
            All documents of all files are checked first; when one is refused, nothing is changed. The state file is \
            made when it does not exist.
            """)

    @ParentCommand var root: SpiderpoolCtl
    @OptionGroup var location: StoreLocation

    @Option(
        name: [.customShort("f"), .customLong("filename")],
        help: ArgumentHelp(
            "A file in YAML or JSON with one or several documents; - for standard input. May be repeated.",
            valueName: "file"),
        completion: .file(extensions: ["yaml", "yml", "json"]))
    var files: [String]

    @Flag(help: "Say what would happen, and change nothing.")
    var dryRun = false

    func run() throws {
        let state = try StateFile(location, root)
        var resources: [any Resource] = []
        var documents: [ManifestDocument] = []
        for file in files {
            do throws(ManifestErrors) {
                for entry in try ManifestFile(try read(file), named: file == "-" ? "standard input" : file).resources()
                {
                    resources.append(entry.resource)
                    documents.append(entry.document)
                }
            } catch {
                throw Failure("\(error)\nNothing was changed.")
            }
        }
        guard !resources.isEmpty else { throw Failure("\(files.joined(separator: ", ")): no document in it") }
        // Tried first, also without a file, so that a refusal does not leave an empty one.
        var pretended = try state.openOrPretend()
        var applied = try apply(resources, documents, to: &pretended, state, dryRun: true)
        if !dryRun {
            var store = try state.create()
            applied = try apply(resources, documents, to: &store, state, dryRun: false)
        }
        for result in applied {
            print("\(result.kind.singular)/\(result.name) \(result.outcome.rawValue)\(dryRun ? " (dry run)" : "")")
            for warning in result.warnings {
                Standard.error("warning: \(result.kind.singular)/\(result.name): \(warning)")
            }
        }
    }

    private func apply(
        _ resources: [any Resource], _ documents: [ManifestDocument], to store: inout EmbeddedStore, _ state: StateFile,
        dryRun: Bool
    ) throws -> [AppliedResource] {
        do throws(TransactionFailure<EmbeddedStore.ApplyFailure>) {
            return try store.apply(resources, now: state.now, bootID: state.bootID, dryRun: dryRun)
        } catch {
            throw explain(error, documents)
        }
    }

    /// With file and line where the mistake is in a manifest.
    private func explain(
        _ error: TransactionFailure<EmbeddedStore.ApplyFailure>, _ documents: [ManifestDocument]
    ) -> Failure {
        guard case .refused(.refused(let refused)) = error else { return Failure(error) }
        let lines = refused.refusals.flatMap { documents[$0.index].errors(for: $0.reason.errors) }
        return Failure(lines.map { "\($0)" }.joined(separator: "\n") + "\nNothing was changed.")
    }

    private func read(_ file: String) throws(ManifestErrors) -> String {
        do throws(Failure) { return try Standard.text(of: file) } catch {
            Standard.error("Error: \(error)")
            SpiderpoolCtl.exit(withError: ExitCode.failure)
        }
    }
}
