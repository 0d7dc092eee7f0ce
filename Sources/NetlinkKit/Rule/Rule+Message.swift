internal import IPAMCore

/// The attributes of a rule (`FRA_…`, linux/fib_rules.h).
private enum FRA {
    static let destination: AttributeType = 1
    static let source: AttributeType = 2
    static let inputLink: AttributeType = 3
    static let target: AttributeType = 4
    static let priority: AttributeType = 6
    static let mark: AttributeType = 10
    static let tunnel: AttributeType = 12
    static let suppressedGroup: AttributeType = 13
    static let suppressedPrefixLength: AttributeType = 14
    static let table: AttributeType = 15
    static let markMask: AttributeType = 16
    static let outputLink: AttributeType = 17
    static let masterTable: AttributeType = 19
    static let users: AttributeType = 20
    static let origin: AttributeType = 21
    static let transport: AttributeType = 22
    static let sourcePorts: AttributeType = 23
    static let destinationPorts: AttributeType = 24
}

extension Rule {
    /// `FIB_RULE_INVERT`.
    static let invertedFlag: UInt32 = 2
    /// The length of `struct fib_rule_hdr` in bytes.
    private static let headerByteCount = 12

    /// Reads what comes after the header of an `RTM_NEWRULE`.
    ///
    /// - Returns: `nil` when it is malformed, or of another family than IPv4 and IPv6.
    init?(_ payload: RawSpan) {
        guard let family = payload.integer(as: UInt8.self).flatMap(AddressFamily.init(kernelNumber:)),
            let destinationLength = payload.integer(at: 1, as: UInt8.self),
            let sourceLength = payload.integer(at: 2, as: UInt8.self),
            let typeOfService = payload.integer(at: 3, as: UInt8.self),
            let table = payload.integer(at: 4, as: UInt8.self),
            let action = payload.integer(at: 7, as: UInt8.self), let flags = payload.integer(at: 8, as: UInt32.self)
        else { return nil }
        self.init(
            family, priority: 0, action: Action(rawValue: action), table: RouteTable(rawValue: UInt32(table)))
        self.typeOfService = typeOfService
        isInverted = flags & Self.invertedFlag != 0
        guard payload.forEachAttribute(from: Self.headerByteCount, { take($0, $1, sourceLength, destinationLength) })
        else { return nil }
    }

    /// Takes over an attribute.
    private mutating func take(
        _ type: AttributeType, _ value: RawSpan, _ sourceLength: UInt8, _ destinationLength: UInt8
    ) {
        switch type {
        case FRA.priority: priority = value.integer(as: UInt32.self) ?? 0
        case FRA.table: table = value.integer(as: UInt32.self).map(RouteTable.init(rawValue:)) ?? table
        case FRA.source: source = value.address.flatMap { CIDR(containing: $0, prefixLength: Int(sourceLength)) }
        case FRA.destination:
            destination = value.address.flatMap { CIDR(containing: $0, prefixLength: Int(destinationLength)) }
        case FRA.mark: mark = value.integer(as: UInt32.self)
        case FRA.markMask: markMask = value.integer(as: UInt32.self) ?? .max
        case FRA.inputLink: inputLink = InterfaceName(value.text)
        case FRA.outputLink: outputLink = InterfaceName(value.text)
        case FRA.target: target = value.integer(as: UInt32.self)
        case FRA.suppressedPrefixLength:
            // The kernel tells -1 when there is none.
            suppressedPrefixLength = value.integer(as: UInt32.self).flatMap { $0 == .max ? nil : $0 }
        case FRA.origin: origin = RouteOrigin(rawValue: value.integer(as: UInt8.self) ?? 0)
        case FRA.suppressedGroup, FRA.tunnel, FRA.masterTable, FRA.users, FRA.transport, FRA.sourcePorts,
            FRA.destinationPorts:
            others.append(OpaqueAttribute(type: type, bytes: value.array))
        default: break
        }
    }
}

extension MessageWriter {
    /// Writes what comes after the header of a request that concerns a rule.
    mutating func body(of rule: Rule) {
        // The eighth byte is the action here, and the seventh is nothing.
        routeHeader(
            family: rule.family.kernelNumber, destinationLength: UInt8(rule.destination?.prefixLength ?? 0),
            sourceLength: UInt8(rule.source?.prefixLength ?? 0), typeOfService: rule.typeOfService,
            table: rule.table.headerByte, type: rule.action.rawValue, flags: rule.isInverted ? Rule.invertedFlag : 0)
        attribute(FRA.priority, rule.priority)
        if rule.table.rawValue != 0 { attribute(FRA.table, rule.table.rawValue) }
        if let source = rule.source { attribute(FRA.source, source.network) }
        if let destination = rule.destination { attribute(FRA.destination, destination.network) }
        if let mark = rule.mark {
            attribute(FRA.mark, mark)
            attribute(FRA.markMask, rule.markMask)
        }
        if let name = rule.inputLink { attribute(FRA.inputLink, name.text) }
        if let name = rule.outputLink { attribute(FRA.outputLink, name.text) }
        if let target = rule.target { attribute(FRA.target, target) }
        if let length = rule.suppressedPrefixLength { attribute(FRA.suppressedPrefixLength, length) }
        if rule.origin != .unspecified { attribute(FRA.origin, rule.origin.rawValue) }
        attributes(rule.others)
    }
}
