import ArgumentParser
import EmbeddedStore
import IPAMPlugin

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look for damage in the state file, and mend it.",
        discussion: """
            The exit code is 0 when nothing is wrong, or when everything was mended; notices are not counted.
            """)

    @ParentCommand var root: SpiderpoolCtl
    @OptionGroup var location: StoreLocation

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
        let wrong = findings.count { $0.severity != .notice }
        guard wrong == 0 else {
            throw Failure("\(wrong) finding\(wrong == 1 ? "" : "s")\(repair ? " left" : "; mend with --repair")")
        }
        print("Nothing is wrong with \(state.path).")
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
