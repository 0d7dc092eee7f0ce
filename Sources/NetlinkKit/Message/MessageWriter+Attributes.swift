internal import IPAMCore

extension MessageWriter {
    /// Writes an attribute with an integer in the byte order of the machine.
    mutating func attribute<Value: FixedWidthInteger & BitwiseCopyable>(_ type: AttributeType, _ value: Value) {
        attribute(type) { $0.append(value) }
    }

    /// Writes an attribute with a number in the byte order of networks, as nftables has them.
    mutating func network(_ type: AttributeType, _ number: UInt32) {
        attribute(type, number.bigEndian)
    }

    /// Writes an attribute with the number of a link (`ifindex`).
    mutating func attribute(_ type: AttributeType, _ link: LinkIndex) {
        attribute(type, link.rawValue)
    }

    /// Writes an attribute with a text and the zero after it (`NLA_NUL_STRING`).
    mutating func attribute(_ type: AttributeType, _ text: String) {
        attribute(type) { writer in
            writer.append(contentsOf: text.utf8)
            writer.append(UInt8(0))
        }
    }

    /// Writes an attribute with bytes as they are.
    mutating func attribute(_ type: AttributeType, bytes: [UInt8]) {
        attribute(type) { writer in
            writer.append(contentsOf: bytes)
        }
    }

    /// Writes an attribute with a hardware address, 6 bytes.
    mutating func attribute(_ type: AttributeType, _ address: MACAddress) {
        attribute(type) { writer in
            for shift in stride(from: 40, through: 0, by: -8) {
                writer.append(UInt8(truncatingIfNeeded: address.bits >> UInt64(shift)))
            }
        }
    }

    /// Writes an attribute with an address, 4 or 16 bytes.
    mutating func attribute(_ type: AttributeType, _ address: IPAddress) {
        attribute(type) { writer in
            switch address {
            case .v4(let address): writer.append(address.bits.bigEndian)
            case .v6(let address):
                writer.append(address.high.bigEndian)
                writer.append(address.low.bigEndian)
            }
        }
    }

    /// Writes an attribute without a value (`NLA_FLAG`).
    mutating func flag(_ type: AttributeType) {
        attribute(type) { _ in }
    }

    /// Writes an attribute that holds attributes (`NLA_F_NESTED`).
    mutating func nested(_ type: AttributeType, _ body: (inout MessageWriter) -> Void) {
        attribute(type, flags: 0x8000, body)
    }
}
