internal import IPAMCore

extension IPAddress {
    /// Seventeen bytes that sort like the addresses: the family, then the number with the highest byte first.
    var storageBytes: [UInt8] {
        var bytes: [UInt8] = [family.rawValue]
        bytes.reserveCapacity(17)
        let number = bits
        for shift in stride(from: UInt128(120), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
        return bytes
    }

    /// Reads ``storageBytes``.
    init?(storageBytes bytes: [UInt8]) {
        guard bytes.count == 17, let family = AddressFamily(rawValue: bytes[0]) else { return nil }
        self.init(bits: bytes.dropFirst().reduce(0) { $0 << 8 | UInt128($1) }, family: family)
    }
}
