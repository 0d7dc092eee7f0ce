/// An attribute that is kept as it was read, so that a copy of its object has it too.
struct OpaqueAttribute: Sendable, Hashable {
    let type: AttributeType
    let bytes: [UInt8]
}

extension MessageWriter {
    /// Writes attributes as they were read.
    mutating func attributes(_ attributes: [OpaqueAttribute]) {
        for attribute in attributes { self.attribute(attribute.type, bytes: attribute.bytes) }
    }
}
