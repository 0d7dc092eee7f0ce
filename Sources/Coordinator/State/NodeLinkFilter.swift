/// Which links of a node have addresses that are of no use to Pods, by their names.
enum NodeLinkFilter {
    private static let prefixes = [
        "docker", "cbr", "dummy", "virbr", "lxcbr", "veth", "cali", "flannel", "kube-ipvs", "cni", "vx-submariner",
        "cilium",
    ]

    /// Whether the addresses of a link are left out.
    static func excludes(_ name: String) -> Bool { name == "lo" || prefixes.contains { name.hasPrefix($0) } }
}
