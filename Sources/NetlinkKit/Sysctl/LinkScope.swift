public import IPAMCore

/// Which links a setting under `conf` is about.
public enum LinkScope: Sendable, Hashable {
    /// All links (`all`); how it combines with a link's own value differs between settings: `rp_filter` takes the larger.
    case all
    /// Links that are made later (`default`).
    case `default`
    /// One link.
    case link(InterfaceName)

    var component: String {
        switch self {
        case .all: "all"
        case .default: "default"
        case .link(let name): name.description
        }
    }
}
