internal import IPAMCore

extension NetfilterExpression {
    /// `NFT_REG_1`, 16 bytes.
    private static let register: UInt32 = 1
    /// The length of register 1, which a name fills.
    fileprivate static let registerBytes = 16
    /// The length of a number.
    private static let numberBytes: UInt32 = 4

    /// Writes the expression as an element of `NFTA_RULE_EXPRESSIONS`.
    func write(to writer: inout MessageWriter) {
        writer.nested(NFTAExpression.element) { writer in
            writer.attribute(NFTAExpression.name, kind)
            if case .other(_, let bytes) = self {
                writer.attribute(NFTAExpression.data, flags: 0x8000) { writer in
                    for byte in bytes { writer.append(byte) }
                }
            } else {
                writer.nested(NFTAExpression.data, writeData)
            }
        }
    }

    /// The name under which the kernel knows the kind of expression.
    private var kind: String {
        switch self {
        case .load(let source), .set(let source): source.kind
        case .immediate: "immediate"
        case .bitwise: "bitwise"
        case .compare: "cmp"
        case .other(let kind, _): kind
        }
    }

    private func writeData(to writer: inout MessageWriter) {
        switch self {
        case .load(let source):
            writer.network(NFTASource.key, source.key)
            writer.network(NFTASource.destination, Self.register)
        case .set(let source):
            writer.network(NFTASource.key, source.key)
            writer.network(source.registerOfSet, Self.register)
        case .immediate(let number):
            writer.network(NFTAImmediate.destination, Self.register)
            writer.data(NFTAImmediate.data, .number(number))
        case .bitwise(let mask, let xor):
            writer.network(NFTABitwise.source, Self.register)
            writer.network(NFTABitwise.destination, Self.register)
            writer.network(NFTABitwise.length, Self.numberBytes)
            writer.data(NFTABitwise.mask, .number(mask))
            writer.data(NFTABitwise.xor, .number(xor))
        case .compare(let comparison, let value):
            writer.network(NFTACompare.source, Self.register)
            writer.network(NFTACompare.operation, comparison.rawValue)
            writer.data(NFTACompare.data, value)
        case .other: break
        }
    }

    /// Reads an element of `NFTA_RULE_EXPRESSIONS`; `nil` when it is malformed.
    init?(_ element: RawSpan) {
        guard let kind = element.text(NFTAExpression.name) else { return nil }
        self = .other(kind, [])
        let isWhole = element.forEachAttribute { type, value in
            guard type == NFTAExpression.data else { return }
            self = Self(kind, value) ?? .other(kind, value.array)
        }
        guard isWhole else { return nil }
    }

    /// Reads `NFTA_EXPR_DATA`; `nil` when something in it is not known here.
    private init?(_ kind: String, _ data: RawSpan) {
        switch kind {
        case "meta", "ct":
            guard let source = data.network(NFTASource.key).flatMap({ Source(kind, $0) }) else { return nil }
            if data.network(NFTASource.destination) == Self.register {
                guard data.hasNothingBut([NFTASource.key, NFTASource.destination]) else { return nil }
                self = .load(source)
            } else {
                guard data.network(source.registerOfSet) == Self.register,
                    data.hasNothingBut([NFTASource.key, source.registerOfSet])
                else { return nil }
                self = .set(source)
            }
        case "immediate":
            guard data.network(NFTAImmediate.destination) == Self.register,
                case .number(let number)? = data.value(NFTAImmediate.data),
                data.hasNothingBut([NFTAImmediate.destination, NFTAImmediate.data])
            else { return nil }
            self = .immediate(number)
        case "bitwise":
            guard data.network(NFTABitwise.source) == Self.register,
                data.network(NFTABitwise.destination) == Self.register,
                data.network(NFTABitwise.length) == Self.numberBytes, data.network(NFTABitwise.operation) ?? 0 == 0,
                case .number(let mask)? = data.value(NFTABitwise.mask),
                case .number(let xor)? = data.value(NFTABitwise.xor), data.hasNothingBut(NFTABitwise.all)
            else { return nil }
            self = .bitwise(mask: mask, xor: xor)
        case "cmp":
            guard data.network(NFTACompare.source) == Self.register,
                let comparison = data.network(NFTACompare.operation).flatMap(Comparison.init(rawValue:)),
                let value = data.value(NFTACompare.data),
                data.hasNothingBut([NFTACompare.source, NFTACompare.operation, NFTACompare.data])
            else { return nil }
            self = .compare(comparison, value)
        default: return nil
        }
    }
}

extension NetfilterExpression.Source {
    /// `NFT_META_…` or `NFT_CT_…`.
    fileprivate var key: UInt32 {
        switch self {
        case .inputLinkName: 6
        case .mark: 3
        case .connectionState: 0
        case .connectionMark: 3
        }
    }

    /// The attribute with the register whose value is set.
    fileprivate var registerOfSet: AttributeType {
        kind == "meta" ? NFTASource.metaSource : NFTASource.connectionSource
    }

    fileprivate init?(_ kind: String, _ key: UInt32) {
        let all: [Self] = [.inputLinkName, .mark, .connectionState, .connectionMark]
        guard let source = all.first(where: { $0.kind == kind && $0.key == key }) else { return nil }
        self = source
    }
}

extension RawSpan {
    /// The value in an attribute of an expression; `nil` when it is neither a number nor a name.
    fileprivate func value(_ wanted: AttributeType) -> NetfilterExpression.Value? {
        var found: NetfilterExpression.Value?
        forEachAttribute { type, data in
            guard type == wanted else { return }
            data.forEachAttribute { type, value in
                guard type == NFTAExpression.value else { return }
                switch value.byteCount {
                case 4: found = value.integer(as: UInt32.self).map(NetfilterExpression.Value.number)
                case 16: found = InterfaceName(value.text).map(NetfilterExpression.Value.name)
                default: break
                }
            }
        }
        return found
    }

    /// Whether there are attributes of these types only.
    fileprivate func hasNothingBut(_ known: [AttributeType]) -> Bool {
        var isKnown = true
        let isWhole = forEachAttribute { type, _ in
            if !known.contains(type) { isKnown = false }
        }
        return isWhole && isKnown
    }
}

extension MessageWriter {
    /// Writes an attribute with the content of a register, which is in the byte order of the machine.
    fileprivate mutating func data(_ type: AttributeType, _ value: NetfilterExpression.Value) {
        nested(type) { writer in
            switch value {
            case .number(let number): writer.attribute(NFTAExpression.value, number)
            case .name(let name):
                let octets = Array(name.text.utf8)
                let rest = [UInt8](repeating: 0, count: NetfilterExpression.registerBytes - octets.count)
                writer.attribute(NFTAExpression.value, bytes: octets + rest)
            }
        }
    }
}
