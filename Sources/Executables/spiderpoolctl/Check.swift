import ArgumentParser
import CNITypes
import EmbeddedStore
import IPAMPlugin
import PoolModel

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look for damage in the state file and mistakes in the workload file, and mend the former.",
        discussion: """
            The workload file is that of --workloads, or of the host's settings. The exit code is 0 when nothing is wrong, or when everything was mended; notices are not counted.
            """)

    @ParentCommand var root: SpiderpoolCtl
    @OptionGroup var location: StoreLocation

    @Option(
        help: ArgumentHelp("The workload file; that of the host's settings when not given.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var workloads: String?

    @Flag(help: "Mend what can be mended. No address gets a second owner by that.")
    var repair = false

    func run() throws {
        let state = try StateFile(location, root)
        var store = try state.open()
        var findings: [Finding]
        if repair {
            do throws(TransactionFailure<StoreError>) {
                findings = try store.repair(now: state.now, bootID: HostFacts.system.bootID())
            } catch {
                switch error {
                case .store(let error), .refused(let error): throw Failure("\(error)")
                }
            }
            for finding in findings { print("before: \(finding)") }
        }
        do throws(StoreError) { findings = try store.check() } catch { throw Failure("\(error)") }
        for finding in findings { print(finding) }
        let path = workloads ?? state.hostSettings.workloads
        let problems = path.map(workloadProblems) ?? []
        for problem in problems { print(problem) }
        let damages = findings.count { $0.severity != .notice }
        guard damages == 0 else {
            throw Failure("\(damages) finding\(damages == 1 ? "" : "s")\(repair ? " left" : "; mend with --repair")")
        }
        guard problems.isEmpty else {
            throw Failure("\(problems.count) mistake\(problems.count == 1 ? "" : "s") in the workload file; correct it")
        }
        print("Nothing is wrong with \(state.path)\(path.map { " and \($0)" } ?? "").")
    }

    private func workloadProblems(in path: String) -> [String] {
        do throws(CNIError) {
            return try WorkloadFile(readingFrom: path).problems.map { "\(path): \($0)" }
        } catch {
            return [error.details]
        }
    }
}

struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy the state file while it is in use.",
        discussion:
            "The copy is complete and consistent. To restore it, put it in place of the state file while no container starts."
    )

    @ParentCommand var root: SpiderpoolCtl
    @OptionGroup var location: StoreLocation

    @Argument(help: "Where the copy goes; nothing may be there.", completion: .file())
    var copy: String

    func run() throws {
        let store = try StateFile(location, root).open()
        do throws(StoreError) { try store.backUp(to: copy) } catch {
            guard error.path == copy else { throw Failure("\(error)") }
            throw Failure("\(copy): \(error.detail); no copy was made")
        }
        print("\(copy) written")
    }
}
