extension Block {
    /// Version of the encoding that ``encoded()`` writes.
    public static let encodingVersion: UInt8 = 1

    /// Stands beside the state of a claim whose address is kept for its identity.
    private static let fixedFlag: UInt8 = 0x80

    /// The block as bytes: stable, versioned, protected by a checksum.
    ///
    /// ```text
    /// "SPBK" version family base[16] sequence | strings | claims | rests | CRC-32 (little-endian)
    /// ```
    ///
    /// Numbers are LEB128 (signed ones zigzag), every text stands once in the table of strings, and records refer to
    /// it. Equal blocks have equal bytes.
    public func encoded() -> [UInt8] {
        var writer = BlockWriter()
        for claim in claims { claim.texts.forEach { writer.intern($0) } }
        writer.bytes.append(contentsOf: BlockWriter.magic)
        writer.bytes.append(Self.encodingVersion)
        writer.bytes.append(key.family.rawValue)
        for shift in stride(from: UInt128(120), through: 0, by: -8) {
            writer.bytes.append(UInt8(truncatingIfNeeded: key.base.bits >> shift))
        }
        writer.append(sequence)
        writer.appendStrings()
        writer.append(UInt64(claims.count))
        for claim in claims {
            writer.bytes.append(UInt8(truncatingIfNeeded: claim.address.bits & 63))
            writer.bytes.append(claim.state.rawValue | (claim.isFixed ? Self.fixedFlag : 0))
            writer.append(claim.sequence)
            writer.append(signed: claim.since.milliseconds)
            claim.texts.forEach { writer.appendReference($0) }
        }
        writer.append(UInt64(rests.count))
        for rest in rests {
            writer.bytes.append(UInt8(truncatingIfNeeded: rest.address.bits & 63))
            writer.bytes.append(rest.reason.rawValue)
            writer.append(signed: rest.since.milliseconds)
            writer.append(signed: rest.until.milliseconds)
        }
        let checksum = CRC32.checksum(of: writer.bytes.span)
        for shift in stride(from: UInt32(0), through: 24, by: 8) {
            writer.bytes.append(UInt8(truncatingIfNeeded: checksum >> shift))
        }
        return writer.bytes
    }

    /// Reads what ``encoded()`` wrote.
    ///
    /// - Throws: ``BlockDecodingError`` when the bytes are damaged, cut, of a newer version, or contradict themselves.
    ///   Nothing is repaired or guessed.
    public init(decoding bytes: borrowing Span<UInt8>) throws(BlockDecodingError) {
        var reader = try BlockReader(bytes)
        let family = try reader.byte(bytes)
        guard let family = AddressFamily(rawValue: family) else { throw reader.inconsistent }
        var bits: UInt128 = 0
        for _ in 0..<16 { bits = bits << 8 | UInt128(try reader.byte(bytes)) }
        guard let base = IPAddress(bits: bits, family: family), bits & 63 == 0 else { throw reader.inconsistent }
        let key = BlockKey(containing: base)
        let sequence = try reader.number(bytes)
        // No history is as long, and what follows has to be counted further.
        guard sequence <= UInt64(Int64.max) else { throw reader.inconsistent }
        let strings = try reader.strings(bytes)

        var claims: [Claim] = []
        for _ in 0..<(try reader.count(bytes, limit: BlockKey.size)) {
            let slot = try reader.slot(bytes)
            let flags = try reader.byte(bytes)
            guard let state = Claim.State(rawValue: flags & ~Self.fixedFlag) else { throw reader.inconsistent }
            let number = try reader.number(bytes)
            let since = Timestamp(milliseconds: try reader.signedNumber(bytes))
            var texts: [String] = []
            for _ in 0..<Claim.textCount {
                let index = try reader.count(bytes, limit: strings.count)
                guard index < strings.count else { throw reader.inconsistent }
                texts.append(strings[index])
            }
            claims.append(
                Claim(
                    address: key.address(at: slot), texts: texts, state: state, isFixed: flags & Self.fixedFlag != 0,
                    sequence: number, since: since))
        }
        var rests: [Rest] = []
        for _ in 0..<(try reader.count(bytes, limit: BlockKey.size)) {
            let slot = try reader.slot(bytes)
            guard let reason = Rest.Reason(rawValue: try reader.byte(bytes)) else { throw reader.inconsistent }
            let since = Timestamp(milliseconds: try reader.signedNumber(bytes))
            let until = Timestamp(milliseconds: try reader.signedNumber(bytes))
            rests.append(Rest(address: key.address(at: slot), reason: reason, since: since, until: until))
        }
        guard reader.isAtEnd, let block = Block(key: key, claims: claims, rests: rests, sequence: sequence) else {
            throw reader.inconsistent
        }
        self = block
    }

    /// Reads what ``encoded()`` wrote; see ``init(decoding:)-(Span<UInt8>)``.
    public init(decoding bytes: [UInt8]) throws(BlockDecodingError) {
        try self.init(decoding: bytes.span)
    }
}

extension Claim {
    static let textCount = 11

    /// The texts in the order of the encoding.
    fileprivate var texts: [String] {
        [
            pool, owner.namespace, owner.name, owner.uid, owner.controllerKind, owner.controllerName, interface,
            containerID, network, node, bootID,
        ]
    }

    /// Makes a claim from its ``textCount`` texts in the order of the encoding.
    fileprivate init(
        address: IPAddress, texts: [String], state: State, isFixed: Bool, sequence: UInt64, since: Timestamp
    ) {
        self.init(
            address: address, pool: texts[0],
            owner: Owner(
                namespace: texts[1], name: texts[2], uid: texts[3], controllerKind: texts[4],
                controllerName: texts[5]),
            interface: texts[6], containerID: texts[7], network: texts[8], node: texts[9], bootID: texts[10],
            state: state, isFixed: isFixed, sequence: sequence, since: since)
    }
}
