/// What an owner is looked up by in memory: 64 bits made of a name and an interface.
///
/// Dictionaries compare the keys that they meet on their way, and texts lie scattered in memory; numbers do not. Two
/// owners may share a number: whoever looks something up still compares the texts.
package struct OwnerHash: Sendable {
    /// The number.
    package let bits: UInt64

    /// Mixes the two texts.
    package init(_ name: String, _ interface: String) {
        bits = Self.mixed(interface, into: Self.mixed(name, into: 0x9e37_79b9_7f4a_7c15))
    }

    /// Whether two numbers are the same.
    @inlinable
    package static func == (left: OwnerHash, right: OwnerHash) -> Bool { left.bits == right.bits }

    /// Whether two numbers differ.
    @inlinable
    package static func != (left: OwnerHash, right: OwnerHash) -> Bool { left.bits != right.bits }

    /// Multiplies eight bytes at a time into the state, folding the product, as wyhash does.
    private static func mixed(_ text: String, into seed: UInt64) -> UInt64 {
        var text = text
        return text.withUTF8 { bytes in
            var state = seed ^ UInt64(truncatingIfNeeded: bytes.count)
            let raw = UnsafeRawBufferPointer(bytes)
            var offset = 0
            while offset + 8 <= raw.count {
                state = unsafe folded(state ^ raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                offset += 8
            }
            var tail: UInt64 = 0
            while offset < raw.count {
                tail = unsafe tail << 8 | UInt64(raw[offset])
                offset += 1
            }
            return folded(state ^ tail)
        }
    }

    private static func folded(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0xa076_1d64_78bd_642f)
        return product.high ^ product.low ^ value
    }
}
