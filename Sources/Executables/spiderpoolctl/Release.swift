import ArgumentParser
import EmbeddedStore
import IPAMCore
import IPAMEngine

struct Release: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Give back an address that is kept for a workload that does not run.",
        discussion: """
            An address that a container uses is not given back: the next one to get it would have the same. Stop the \
            container instead, or say --force when it is certain that it is gone.
            """)

    @ParentCommand var root: SpiderpoolCtl
    @OptionGroup var location: StoreLocation

    @Argument(
        help: "The address.",
        transform: { text in
            do { return try IPAddress(parsing: text) } catch { throw ValidationError("\(error)") }
        })
    var address: IPAddress

    @Flag(help: "Also when a container is recorded as using it.")
    var force = false

    func run() throws {
        let state = try StateFile(location, root)
        var store = try state.open()
        let claim: Claim?
        do throws(StoreError) { claim = try store.claims().first { $0.address == address } } catch {
            throw Failure("\(error)")
        }
        guard let claim else { throw Failure("nobody has \(address)") }
        guard claim.state == .retained || force else {
            throw Failure(
                "\(address) is used by container \(claim.containerID) of \(claim.ownerName); stop it, or say --force")
        }
        let isReleased: Bool
        do throws(TransactionFailure<EngineFailure<StoreError>>) {
            isReleased = try store.transaction(durably: true) { store throws(EngineFailure<StoreError>) in
                var process = AddressProcess(.reclaim(claim), of: address, now: state.now)
                return try store.run(&process)
            }
        } catch {
            switch error {
            case .store(let error), .refused(.store(let error)): throw Failure("\(error)")
            case .refused(.refused(let error)): throw Failure("\(error)")
            }
        }
        guard isReleased else { throw Failure("\(address) changed its owner just now; look again") }
        print("\(address) released, was \(claim.state) for \(claim.ownerName)")
    }
}
