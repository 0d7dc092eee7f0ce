internal import CNITypes
internal import IPAMCore

extension CNICheckRequest {
    /// The addresses that the interface was given, as far as the result says whose they are.
    var givenAddresses: Set<IPAddress> {
        let interfaces = previousResult.interfaces
        let own = previousResult.ips.filter { ip in
            guard let index = ip.interface, interfaces.indices.contains(index) else { return true }
            return interfaces[index].name == attachment.interfaceName.text
        }
        return Set(own.map(\.address.address))
    }

    /// Compares the result with what is recorded.
    ///
    /// - Parameters:
    ///   - owned: The addresses that are recorded for the container and interface.
    ///   - unclaimed: Those of the result that are not, though a pool declares them.
    /// - Throws: `CNIError` for the first difference.
    func compare(owned: Set<IPAddress>, unclaimed: Set<IPAddress>) throws(CNIError) {
        let message = "spiderpool IP check error"
        let (container, interface) = (attachment.containerID, attachment.interfaceName)
        guard !owned.isEmpty else {
            throw CNIError(
                .stateMismatch, message,
                details: "container \(container) owns no address for \(interface); restart the container")
        }
        let owner = "\(interface) of container \(container)"
        if let address = owned.subtracting(givenAddresses).min() {
            throw CNIError(
                .stateMismatch, message,
                details: "\(address) belongs to \(owner) but is not in prevResult; restart the container")
        }
        if let address = unclaimed.min() {
            throw CNIError(
                .stateMismatch, message,
                details: "\(address) is in prevResult but does not belong to \(owner) any more; restart the container")
        }
    }
}
