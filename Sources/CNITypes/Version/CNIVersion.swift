public import JSONTree

/// A version of the CNI protocol that this library speaks.
///
/// Later versions compare greater. Versions 0.1.0 and 0.2.0, which know no chaining, are not spoken.
public enum CNIVersion: String, Sendable, Hashable, CaseIterable {
    /// Results that list interfaces; `CHECK` does not exist.
    case v030 = "0.3.0"
    /// The same as 0.3.0 in other words; the default of many generators.
    case v031 = "0.3.1"
    /// Adds `CHECK`, and the previous result on `DEL`.
    case v040 = "0.4.0"
    /// Results without the family of each address.
    case v100 = "1.0.0"
    /// Adds `GC` and `STATUS`, and members of interfaces and routes.
    case v110 = "1.1.0"

    /// The newest version.
    public static let latest = CNIVersion.v110

    /// Reads the `cniVersion` of a configuration; an absent or empty one stands for 0.1.0.
    ///
    /// Versions are compared as texts: `1.0` is not `1.0.0`.
    ///
    /// - Parameters:
    ///   - text: The value of the configuration, if there is one.
    ///   - supported: The versions that the plugin speaks.
    /// - Throws: ``CNIError`` with code 1 for a version that is not supported, 6 for a text that is no version.
    public init(configured text: String?, supported: [CNIVersion] = CNIVersion.allCases) throws(CNIError) {
        let text = text.flatMap { $0.isEmpty ? nil : $0 } ?? "0.1.0"
        if let version = CNIVersion(rawValue: text), supported.contains(version) {
            self = version
            return
        }
        guard Self.isNumeric(text) else {
            throw CNIError(
                .decodingFailed, "cannot decode cniVersion",
                details: "cniVersion: \(text.quoted) is not three numbers separated by dots")
        }
        throw CNIError(
            .incompatibleVersion, "incompatible CNI versions",
            details: "config is \(text.quoted), plugin supports \(Self.list(supported))")
    }

    private static func isNumeric(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count <= 3
            && parts.allSatisfy { part in
                (1...9).contains(part.count) && part.allSatisfy { (0x30...0x39).contains($0) }
            }
    }

    /// The versions as messages show them: `["0.4.0", "1.0.0"]`.
    static func list(_ versions: [CNIVersion]) -> String {
        "[" + versions.map { "\"\($0.rawValue)\"" }.joined(separator: ", ") + "]"
    }

    /// The answer to `VERSION`: the version of the question where it is supported, and all that are.
    ///
    /// - Parameters:
    ///   - question: The `cniVersion` of the document on standard input, if there was one.
    ///   - supported: The versions that the plugin speaks; not empty.
    /// - Returns: the object with `cniVersion` and `supportedVersions`.
    public static func report(answering question: String?, supported: [CNIVersion]) -> JSONValue {
        let asked = question.flatMap(CNIVersion.init(rawValue:)).flatMap { supported.contains($0) ? $0 : nil }
        let version = asked ?? supported.max() ?? .latest
        return [
            "cniVersion": .string(version.rawValue),
            "supportedVersions": .strings(supported.map(\.rawValue)),
        ]
    }
}

extension CNIVersion: Comparable {
    /// Order of publication.
    public static func < (left: CNIVersion, right: CNIVersion) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .v030: 0
        case .v031: 1
        case .v040: 2
        case .v100: 3
        case .v110: 4
        }
    }

    /// Whether interfaces and routes have the members that came with 1.1.0.
    var hasExtendedMembers: Bool { self >= .v110 }

    /// Whether every address of a result carries its family.
    var writesAddressFamily: Bool { self < .v100 }
}

extension CNIVersion: CustomStringConvertible {
    /// The version as configurations write it.
    public var description: String { rawValue }
}
