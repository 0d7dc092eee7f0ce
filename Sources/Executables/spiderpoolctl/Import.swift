import ArgumentParser
import ManifestFile
import PoolModel

struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Adopt the addresses that another program gave out.",
        discussion: """
            Shows what would be adopted, and what stands in the way; changes nothing without --apply. The exit code \
            is 1 when something stands in the way.
            """,
        subcommands: [HostLocal.self, Whereabouts.self, Spiderpool.self])

    struct HostLocal: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "host-local",
            abstract: "Adopt from the folders of the CNI plugin host-local.",
            discussion: "The addresses belong to containers of this host, so they are free after its next start.")

        @ParentCommand var root: SpiderpoolCtl
        @OptionGroup var location: StoreLocation
        @OptionGroup var options: ImportOptions

        @Argument(
            help: "The folder of a network, /var/lib/cni/networks/NETWORK for instance.",
            completion: .directory)
        var folders: [String]

        func run() throws {
            var entries: [HostLocalEntry] = []
            for folder in folders { entries += try HostLocalFolder(folder).entries() }
            let reading = ImportReading(hostLocal: entries)
            try ImportRun(.hostLocal, options, try StateFile(location, root)).run(reading) { problem in
                "\(entries[problem.index].path): \(problem.error)"
            }
        }
    }

    struct Whereabouts: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Adopt from manifests of the IPPools of whereabouts.",
            discussion: "The addresses stay in use until a DEL for their container comes.")

        @ParentCommand var root: SpiderpoolCtl
        @OptionGroup var location: StoreLocation
        @OptionGroup var options: ImportOptions

        @Argument(help: "A file in YAML or JSON; - for standard input.", completion: .file())
        var files: [String]

        func run() throws {
            let documents = try ManifestFile.documents(of: files)
            let reading = ImportReading(whereabouts: documents.map(\.imported))
            try ImportRun(.whereabouts, options, try StateFile(location, root)).run(reading, documents)
        }
    }

    struct Spiderpool: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Adopt from manifests of SpiderIPPools and SpiderEndpoints, or from an export.",
            discussion: """
                Pools and reservations in the files are created unless they exist. The addresses stay in use until a \
                DEL for their container comes. What "spiderpoolctl export" wrote is taken as it is: with its owners, \
                kept and resting addresses.
                """)

        @ParentCommand var root: SpiderpoolCtl
        @OptionGroup var location: StoreLocation
        @OptionGroup var options: ImportOptions

        @Argument(help: "A file in YAML or JSON; - for standard input.", completion: .file())
        var files: [String]

        func run() throws {
            let documents = try ManifestFile.documents(of: files)
            let reading = ImportReading(spiderpool: documents.map(\.imported))
            try ImportRun(.spiderpool, options, try StateFile(location, root)).run(reading, documents)
        }
    }
}

struct ImportOptions: ParsableArguments {
    @Flag(help: "Carry it out; refused when something stands in the way.")
    var apply = false

    @Flag(help: "With --apply: leave out what stands in the way.")
    var skipConflicts = false

    @Option(help: "The interface of records that name none.")
    var interface = "eth0"

    @Option(name: .shortAndLong, help: "The form of the output.")
    var output = OutputFormat.table

    func validate() throws {
        guard apply || !skipConflicts else { throw ValidationError("--skip-conflicts needs --apply") }
        guard ImportRule.isInterface(interface) else {
            throw ValidationError("--interface \(interface): \(ImportRule.interface)")
        }
    }
}

extension ManifestFile {
    /// Records are many, unlike pools: enough for a hundred thousand of them.
    private static var limits: ManifestLimits { ManifestLimits(maximumBytes: 64 << 20, maximumValues: 4_000_000) }

    /// The documents of several files.
    fileprivate static func documents(of files: [String]) throws -> [ManifestDocument] {
        var documents: [ManifestDocument] = []
        for file in files {
            let text = try Standard.text(of: file)
            do throws(ManifestErrors) {
                let name = file == "-" ? "standard input" : file
                documents += try ManifestFile(text, named: name, limits: limits).documents
            } catch {
                throw Failure("\(error)\nNothing was changed.")
            }
        }
        guard !documents.isEmpty else { throw Failure("\(files.joined(separator: ", ")): no document in it") }
        return documents
    }
}

extension ManifestDocument {
    fileprivate var imported: ImportReading.Document { ImportReading.Document(file: file, tree: tree) }
}
