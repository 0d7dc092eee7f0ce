internal import IPAMCore
internal import JSONTree

/// An address of a container that is gone, given back by GC.
struct ReleasedAddress {
    let address: IPAddress
    let containerID: String
    let interface: String

    init(_ claim: Claim) {
        address = claim.address
        containerID = claim.containerID
        interface = claim.interface
    }

    init(_ reader: JSONFieldReader) throws(JSONFieldError) {
        let address = try reader.parsed(at: "address", expected: "an IP address") { IPAddress($0) }
        self.address = try reader.required("address", address, expected: "an IP address")
        containerID = try reader.required("containerID", try reader.string(at: "containerID"), expected: "a string")
        interface = try reader.required("ifName", try reader.string(at: "ifName"), expected: "a string")
    }
}
