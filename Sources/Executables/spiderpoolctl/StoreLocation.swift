import ArgumentParser
import CNITypes
import EmbeddedStore
import IPAMCore
import IPAMPlugin

/// Where the state is; accepted before and after the name of a command.
struct StoreLocation: ParsableArguments {
    @Option(
        name: .long, help: ArgumentHelp("The state file.", valueName: "file"), completion: .file(extensions: ["db"]))
    var store: String?
}

/// The state file that a command works on, and what it needs of the host.
struct StateFile {
    let path: String
    let hostSettings: HostSettings

    /// - Throws: ``Failure`` when the host's settings cannot be used.
    init(_ own: StoreLocation, _ root: SpiderpoolCtl) throws {
        do throws(CNIError) {
            hostSettings = try HostSettings(readingFrom: HostSettings.defaultPath)
        } catch {
            throw Failure("\(error)")
        }
        guard let given = own.store ?? root.location.store else {
            guard hostSettings.mode != .cluster else {
                throw Failure(
                    "this host is set to cluster mode in \(HostSettings.defaultPath), which this build does not have; "
                        + "name a state file with --store to look at one all the same")
            }
            path = hostSettings.store ?? EmbeddedStore.defaultPath
            return
        }
        path = given
    }

    func open() throws -> EmbeddedStore {
        do throws(StoreError) { return try EmbeddedStore(opening: path) } catch { throw Failure("\(error)") }
    }

    /// For a look at what would happen: an empty store where there is no file.
    func openOrPretend() throws -> EmbeddedStore {
        do throws(StoreError) {
            do throws(StoreError) {
                return try EmbeddedStore(opening: path)
            } catch {
                guard error.code == .missing else { throw error }
                return try EmbeddedStore()
            }
        } catch {
            throw Failure("\(error)")
        }
    }

    func create() throws -> EmbeddedStore {
        do throws(StoreError) { return try EmbeddedStore(creating: path) } catch { throw Failure("\(error)") }
    }

    var now: Timestamp { HostFacts.system.now() }

    var bootID: String { HostFacts.system.bootID() }
}

/// A refusal that is printed as it is.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// Translates what a transaction ends with.
    init(_ error: TransactionFailure<EmbeddedStore.ApplyFailure>) {
        switch error {
        case .store(let error), .refused(.store(let error)): self.init("\(error)")
        case .refused(.invalid(let error)): self.init("\(error)")
        case .refused(.refused(let error)):
            self.init(error.refusals.map { "\($0.reason)" }.joined(separator: "\n"))
        case .refused(.dryRun): self.init("nothing was changed")
        }
    }
}
