import IPAMCore

/// What every parser of the library offers.
protocol ParsedText: LosslessStringConvertible, Equatable, SendableMetatype {
    init(parsing text: String) throws(AddressParseError)
    init(parsing utf8: borrowing Span<UInt8>) throws(AddressParseError)
}

extension IPv4Address: ParsedText {}
extension IPv6Address: ParsedText {}
extension IPAddress: ParsedText {}
extension MACAddress: ParsedText {}
extension CIDR: ParsedText {}
extension AddressRange: ParsedText {}

/// A prefix as the lenient reader takes it.
struct LenientCIDR: ParsedText {
    let description: String

    init(parsing text: String) throws(AddressParseError) {
        description = try CIDR(lenientParsing: text).description
    }

    init(parsing utf8: borrowing Span<UInt8>) throws(AddressParseError) {
        description = try CIDR(lenientParsing: utf8).description
    }

    init?(_ description: String) {
        guard let cidr = try? CIDR(lenientParsing: description) else { return nil }
        self.description = cidr.description
    }
}

/// A parser and what must hold for every input, right or wrong.
struct FuzzedParser: Sendable {
    let name: String

    /// Reads the bytes; returns whether they were accepted, and what does not hold.
    let probe: @Sendable ([UInt8]) -> (accepted: Bool, complaint: String?)

    static let all: [FuzzedParser] = [
        FuzzedParser("IPv4Address", IPv4Address.self),
        FuzzedParser("IPv6Address", IPv6Address.self),
        FuzzedParser("IPAddress", IPAddress.self),
        FuzzedParser("MACAddress", MACAddress.self),
        FuzzedParser("CIDR", CIDR.self),
        FuzzedParser("CIDR lenient", LenientCIDR.self),
        FuzzedParser("AddressRange", AddressRange.self),
        FuzzedParser(name: "AddressSet", probe: probeList),
    ]

    private init(name: String, probe: @escaping @Sendable ([UInt8]) -> (accepted: Bool, complaint: String?)) {
        self.name = name
        self.probe = probe
    }

    private init<Value: ParsedText>(_ name: String, _: Value.Type) {
        self.name = name
        probe = { bytes in
            do throws(AddressParseError) {
                let value = try Value(parsing: bytes.span)
                guard (try? Value(parsing: String(decoding: bytes, as: UTF8.self))) == value else {
                    return (true, "accepted from bytes only")
                }
                let canonical = value.description
                guard (try? Value(parsing: canonical)) == value, Value(canonical) == value else {
                    return (true, "canonical text \(canonical) reads as another value")
                }
                return (true, nil)
            } catch {
                return (false, Self.complaint(about: error, for: bytes, Value.self))
            }
        }
    }

    private static func complaint<Value: ParsedText>(
        about error: AddressParseError, for bytes: [UInt8], _: Value.Type
    ) -> String? {
        guard 0...bytes.count ~= error.position else { return "position \(error.position) outside the input" }
        guard error.description.utf8.count < 128 * 8 + 200,
            error.description.unicodeScalars.allSatisfy({ $0 == "…" || " "..."~" ~= $0 })
        else { return "description is not one printable line" }
        if let proposal = error.proposal, (try? Value(parsing: proposal)) == nil {
            return "proposal \(proposal) is refused"
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let isUTF8 = Array(text.utf8) == bytes
        do throws(AddressParseError) {
            _ = try Value(parsing: text)
            return "accepted from text only"
        } catch let other {
            guard isUTF8 else { return nil }
            return other == error ? nil : "refused from text otherwise: \(other)"
        }
    }

    /// A list; the entries are separated by commas in the input.
    @Sendable private static func probeList(_ bytes: [UInt8]) -> (accepted: Bool, complaint: String?) {
        let entries = bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        do throws(AddressListError) {
            let set = try AddressSet(parsing: entries)
            let again = try AddressSet(parsing: set.rangeTexts)
            return (true, again == set ? nil : "\(set.rangeTexts) reads as another set")
        } catch {
            guard entries.indices ~= error.index else { return (false, "index \(error.index) outside the list") }
            let entry = entries[error.index]
            do throws(AddressParseError) {
                _ = try AddressRange(parsing: entry)
                return (false, error.underlying.code == .mixedFamilies ? nil : "refused a right entry: \(error)")
            } catch let other {
                return (false, other == error.underlying ? nil : "refused otherwise than alone: \(error)")
            }
        }
    }
}
