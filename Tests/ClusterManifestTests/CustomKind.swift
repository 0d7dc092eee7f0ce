import KubeClient
import Testing

/// The kinds of `deploy/crds`.
enum CustomKind: String, CaseIterable, CustomTestStringConvertible {
    case pool = "SpiderIPPool"
    case subnet = "SpiderSubnet"
    case endpoint = "SpiderEndpoint"
    case reserved = "SpiderReservedIP"
    case network = "SpiderMultusConfig"
    case coordinator = "SpiderCoordinator"
    case block = "SpiderIPBlock"

    var testDescription: String { rawValue }

    var singular: String { rawValue.lowercased() }
    var plural: String { "\(singular)s" }

    var shortName: String {
        switch self {
        case .pool: "sp"
        case .subnet: "ss"
        case .endpoint: "se"
        case .reserved: "sr"
        case .network: "smc"
        case .coordinator: "scc"
        case .block: "sb"
        }
    }

    var isNamespaced: Bool { self == .endpoint || self == .network }

    /// Whether `status` is written apart from the rest.
    var hasStatusSubresource: Bool { self == .pool || self == .subnet || self == .coordinator }

    /// The member that users and programs write: SpiderEndpoint has no `spec`.
    var content: String { self == .endpoint ? "status" : "spec" }

    var definition: ResourceDefinition {
        ResourceDefinition(
            group: "spiderpool.spidernet.io", version: "v2beta1", kind: rawValue, plural: plural,
            isNamespaced: isNamespaced)
    }

    /// The least that the schema wants, as JSON.
    var minimalContent: String {
        switch self {
        case .pool, .subnet: #"{"subnet": "10.0.0.0/8"}"#
        case .endpoint:
            #"{"current": {"uid": "u", "node": "n", "ips": []}, "ownerControllerType": "Pod", "ownerControllerName": "p"}"#
        case .reserved, .network, .coordinator: "{}"
        case .block: #"{"cidr": "10.0.0.0/26", "sequence": 0}"#
        }
    }
}
