extension Block {
    /// Version of the encoding that ``encoded()`` writes; ``holderEncodingVersion`` where it has to.
    public static let encodingVersion: UInt8 = 1

    /// Version of the encoding of blocks in which a rest record has a ``Rest/holder``.
    ///
    /// All others are written as before, so programs that do not know holders can read them.
    public static let holderEncodingVersion: UInt8 = 2

    /// Stands beside the state of a claim whose address is kept for its identity.
    private static let fixedFlag: UInt8 = 0x80

    /// Stands beside the reason of a rest whose holder follows.
    private static let holderFlag: UInt8 = 0x80

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
        for claim in claims { claim.forEachText { writer.intern($0) } }
        writer.bytes.append(contentsOf: BlockWriter.magic)
        let hasHolders = rests.contains { $0.holder != nil }
        writer.bytes.append(hasHolders ? Self.holderEncodingVersion : Self.encodingVersion)
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
            writer.appendReferences()
        }
        writer.append(UInt64(rests.count))
        for rest in rests {
            writer.bytes.append(UInt8(truncatingIfNeeded: rest.address.bits & 63))
            writer.bytes.append(rest.reason.rawValue | (rest.holder == nil ? 0 : Self.holderFlag))
            writer.append(signed: rest.since.milliseconds)
            writer.append(signed: rest.until.milliseconds)
            if let holder = rest.holder { writer.append(holder) }
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
            func text() throws(BlockDecodingError) -> String {
                let index = try reader.count(bytes, limit: strings.count)
                guard index < strings.count else { throw reader.inconsistent }
                return strings[index]
            }
            claims.append(
                try Claim(
                    address: key.address(at: slot), nextText: text, state: state,
                    isFixed: flags & Self.fixedFlag != 0, sequence: number, since: since))
        }
        var rests: [Rest] = []
        for _ in 0..<(try reader.count(bytes, limit: BlockKey.size)) {
            let slot = try reader.slot(bytes)
            let flags = try reader.byte(bytes)
            guard let reason = Rest.Reason(rawValue: flags & ~Self.holderFlag) else { throw reader.inconsistent }
            let since = Timestamp(milliseconds: try reader.signedNumber(bytes))
            let until = Timestamp(milliseconds: try reader.signedNumber(bytes))
            let holder = flags & Self.holderFlag == 0 ? nil : try reader.hardwareAddress(bytes)
            rests.append(
                Rest(address: key.address(at: slot), reason: reason, since: since, until: until, holder: holder))
        }
        // Equal blocks have equal bytes, so the version follows from the content.
        let hasHolders = rests.contains { $0.holder != nil }
        guard hasHolders == (reader.version == Self.holderEncodingVersion) else { throw reader.inconsistent }
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

    /// Hands the ``textCount`` texts to `body` in the order of the encoding.
    fileprivate func forEachText(_ body: (String) -> Void) {
        body(pool)
        body(owner.namespace)
        body(owner.name)
        body(owner.uid)
        body(owner.controllerKind)
        body(owner.controllerName)
        body(interface)
        body(containerID)
        body(network)
        body(node)
        body(bootID)
    }

    /// Makes a claim from its ``textCount`` texts, which come in the order of the encoding.
    fileprivate init(
        address: IPAddress, nextText: () throws(BlockDecodingError) -> String, state: State, isFixed: Bool,
        sequence: UInt64, since: Timestamp
    ) throws(BlockDecodingError) {
        // Arguments are evaluated in the order in which they stand.
        self.init(
            address: address, pool: try nextText(),
            owner: Owner(
                namespace: try nextText(), name: try nextText(), uid: try nextText(), controllerKind: try nextText(),
                controllerName: try nextText()),
            interface: try nextText(), containerID: try nextText(), network: try nextText(), node: try nextText(),
            bootID: try nextText(), state: state, isFixed: isFixed, sequence: sequence, since: since)
    }
}
