import IPAMCore

extension Block {
    /// The owners and rests in one line.
    var summary: String {
        let claims = claims.map { "\($0.address)=\($0.containerID)/\($0.interface)" }
        let rests = rests.map { "\($0.address) \($0.reason)" }
        return "\(key) [\((claims + rests).joined(separator: ", "))]"
    }
}
