extension Block {
    /// Takes over a claim from another copy of this block as it is, with its sequence number.
    ///
    /// - Returns: `false`, and no change, when the address has an owner or lies in another block.
    public mutating func restore(_ claim: Claim) -> Bool {
        guard key.slot(of: claim.address) != nil, self.claim(on: claim.address) == nil else { return false }
        let claims = (claims + [claim]).sorted { $0.address < $1.address }
        let rests = rests.filter { $0.address != claim.address }
        return replace(claims, rests, atLeast: claim.sequence)
    }

    /// Takes over a rest record from another copy of this block.
    ///
    /// - Returns: `false`, and no change, when the address has an owner or rests already, or lies in another block.
    public mutating func restore(_ rest: Rest) -> Bool {
        guard key.slot(of: rest.address) != nil, claim(on: rest.address) == nil, self.rest(of: rest.address) == nil
        else { return false }
        return replace(claims, (rests + [rest]).sorted { $0.address < $1.address }, atLeast: 0)
    }

    /// Goes on counting from a sequence number that another copy of this block has reached.
    public mutating func continueFrom(sequence number: UInt64) { _ = replace(claims, rests, atLeast: number) }

    private mutating func replace(_ claims: [Claim], _ rests: [Rest], atLeast number: UInt64) -> Bool {
        guard let block = Block(key: key, claims: claims, rests: rests, sequence: max(sequence, number)) else {
            return false
        }
        self = block
        return true
    }
}
