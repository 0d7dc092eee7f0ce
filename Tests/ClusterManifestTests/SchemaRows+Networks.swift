extension SchemaRow {
    static let coordinators: [Self] =
        [
            Self(
                .coordinator, "C1, but for what admission fills in", #"{"podCIDRType": "auto"}"#,
                stored: """
                    {"podCIDRType": "auto", "mode": "auto", "tunePodRoutes": true, "hostRuleTable": 500, "podRPFilter": 0,
                     "txQueueLen": 0, "vethMTU": null, "vethLinkAddress": null}
                    """),
            Self(.coordinator, "C2, without podCIDRType it is for admission", "{}", stored: #"{"podCIDRType": null}"#),
            Self(.coordinator, "C2, flannel", #"{"podCIDRType": "flannel"}"#, refused: "spec.podCIDRType"),
            Self(.coordinator, "C3 is for admission", #"{"hijackCIDR": ["10.1.1.1", "fd00::1"]}"#),
            Self(.coordinator, "hijackCIDR is a text", #"{"hijackCIDR": "10.1.1.1"}"#, refused: "spec.hijackCIDR"),
            Self(
                .coordinator, "route without next hop", #"{"policyRoutes": [{"dst": "10.0.0.0/8"}]}"#,
                refused: "spec.policyRoutes.gw"),
            Self(.coordinator, "C7, rp_filter left alone", #"{"podRPFilter": -1}"#),
            Self(.coordinator, "rp_filter is a text", #"{"podRPFilter": "1"}"#, refused: "spec.podRPFilter"),
            Self(.coordinator, "C8, vethMTU 0", #"{"vethMTU": 0}"#, refused: "spec.vethMTU"),
            Self(.coordinator, "vethMTU 1", #"{"vethMTU": 1}"#),
            Self(
                .coordinator, "hostRuleTable is a fraction", #"{"hostRuleTable": 1.5}"#, refused: "spec.hostRuleTable"),
            Self(.coordinator, "tunePodRoutes is kept", #"{"tunePodRoutes": false}"#),
            Self(.coordinator, "an empty link address", #"{"vethLinkAddress": "", "podMACPrefix": ""}"#),
            Self(.coordinator, "mode disable", #"{"mode": "disable"}"#, refused: "spec.mode"),
            Self(
                .coordinator, "fields of old pages are dropped", #"{"detectIPConflict": true, "rpFilter": 1}"#,
                stored: #"{"detectIPConflict": null, "rpFilter": null}"#),
        ] + ["auto", "underlay", "overlay", "disabled"].map { Self(.coordinator, "mode", #"{"mode": "\#($0)"}"#) }
        + ["auto", "cluster", "calico", "cilium", "none"].map {
            Self(.coordinator, "podCIDRType", #"{"podCIDRType": "\#($0)"}"#)
        }

    static let networks: [Self] =
        [
            Self(
                .network, "M2, but for what admission decides", "{}",
                stored: """
                    {"cniType": "custom", "enableCoordinator": true, "disableIPAM": false, "coordinator": null,
                     "chainCNIJsonData": null, "customCNI": null}
                    """),
            Self(.network, "unknown type", #"{"cniType": "bridge"}"#, refused: "spec.cniType"),
            Self(.network, "empty CNI configuration", #"{"customCNI": ""}"#),
            Self(
                .network, "chained plugins are objects", #"{"chainCNIJsonData": [{"type": "tuning"}]}"#,
                refused: "spec.chainCNIJsonData"),
            Self(
                .network, "coordinator gets its defaults where it is", #"{"coordinator": {}}"#,
                stored: """
                    {"coordinator": {"mode": "auto", "tunePodRoutes": true, "hostRuleTable": 500, "podRPFilter": 0,
                     "txQueueLen": 0, "podCIDRType": null}}
                    """),
            Self(
                .network, "coordinator with vethMTU 0", #"{"coordinator": {"vethMTU": 0}}"#,
                refused: "spec.coordinator.vethMTU"),
            Self(
                .network, "coordinator with flannel", #"{"coordinator": {"podCIDRType": "flannel"}}"#,
                refused: "spec.coordinator.podCIDRType"),
            Self(
                .network, "vlan mode by default", #"{"vlan": {"master": ["eth0"]}}"#,
                stored: #"{"vlan": {"vlanMode": "manual"}}"#),
            Self(.network, "M7, vlan mode auto", #"{"vlan": {"master": ["eth0"], "vlanMode": "auto"}}"#),
            Self(
                .network, "unknown vlan mode", #"{"vlan": {"master": ["eth0"], "vlanMode": "off"}}"#,
                refused: "spec.vlan.vlanMode"),
            Self(
                .network, "M8 is for admission, and the defaults", #"{"cniType": "sriov", "sriov": {}}"#,
                stored: """
                    {"sriov": {"mtu": 0, "rdmaIsolation": false, "vlanID": null, "minTxRateMbps": null,
                     "ippools": {"matchMasterSubnet": false}}}
                    """),
            Self(.network, "sriov, VLAN 4095", #"{"sriov": {"vlanID": 4095}}"#, refused: "spec.sriov.vlanID"),
            Self(.network, "sriov, negative MTU", #"{"sriov": {"mtu": -1}}"#, refused: "spec.sriov.mtu"),
            Self(
                .network, "sriov, negative rates", #"{"sriov": {"minTxRateMbps": -1}}"#,
                refused: "spec.sriov.minTxRateMbps"),
            Self(
                .network, "sriov, negative highest rate", #"{"sriov": {"maxTxRateMbps": -1}}"#,
                refused: "spec.sriov.maxTxRateMbps"),
            Self(
                .network, "ib-sriov, defaults", #"{"cniType": "ib-sriov", "ibsriov": {}}"#,
                stored: """
                    {"ibsriov": {"linkState": "enable", "rdmaIsolation": true, "enableIbKubernetes": false, "pkey": null}}
                    """),
            Self(
                .network, "ib-sriov, link state", #"{"ibsriov": {"linkState": "up"}}"#,
                refused: "spec.ibsriov.linkState"),
            Self(.network, "ipoib, several masters", #"{"ipoib": {"master": ["ib0"]}}"#, refused: "spec.ipoib.master"),
            Self(.network, "ovs, no bridge", #"{"ovs": {}}"#, refused: "spec.ovs.bridge"),
            Self(.network, "ovs, VLAN 4095", #"{"ovs": {"bridge": "b", "vlan": 4095}}"#, refused: "spec.ovs.vlan"),
            Self(
                .network, "ovs, the limits of a trunk",
                #"{"ovs": {"bridge": "b", "trunk": [{"minID": 0, "maxID": 4094}]}}"#),
            Self(.network, "M14 is for admission", #"{"ovs": {"bridge": "b", "trunk": [{"maxID": 100}]}}"#),
            Self(
                .network, "matchMasterSubnet in the wrong place", #"{"sriov": {"matchMasterSubnet": true}}"#,
                stored: #"{"sriov": {"matchMasterSubnet": null, "ippools": {"matchMasterSubnet": false}}}"#),
        ]
        + ["minID", "maxID", "id"].flatMap { field in
            [-1, 4095].map {
                Self(
                    .network, "ovs, trunk \(field) \($0)",
                    #"{"ovs": {"bridge": "b", "trunk": [{"\#(field)": \#($0)}]}}"#,
                    refused: "spec.ovs.trunk.\(field)")
            }
        }
        + ["macvlan", "ipvlan", "vlan", "sriov", "ovs", "ib-sriov", "ipoib", "custom"].map {
            Self(.network, "type", #"{"cniType": "\#($0)"}"#)
        } + ["macvlan", "ipvlan", "vlan"].flatMap(links)

    /// What the types with a parent interface have in common.
    private static func links(_ type: String) -> [Self] {
        func content(_ members: String) -> String {
            #"{"cniType": "\#(type)", "\#(type)": {"master": ["eth0"]\#(members)}}"#
        }
        return [
            Self(
                .network, "M1, \(type), but for what admission fills in", content(""),
                stored: """
                    {"\(type)": {"master": ["eth0"], "mtu": 0, "vlanID": null,
                     "ippools": {"matchMasterSubnet": false, "ipv4": null}}}
                    """),
            Self(.network, "\(type), no master", #"{"\#(type)": {}}"#, refused: "spec.\(type).master"),
            Self(
                .network, "\(type), an empty list of masters", #"{"\#(type)": {"master": []}}"#,
                refused: "spec.\(type).master"),
            Self(
                .network, "\(type), master is a text", #"{"\#(type)": {"master": "eth0"}}"#,
                refused: "spec.\(type).master"),
            Self(.network, "\(type), the highest VLAN", content(#", "vlanID": 4094"#)),
            Self(.network, "M6, \(type), VLAN 4095", content(#", "vlanID": 4095"#), refused: "spec.\(type).vlanID"),
            Self(.network, "\(type), VLAN -1", content(#", "vlanID": -1"#), refused: "spec.\(type).vlanID"),
            Self(.network, "\(type), MTU -1", content(#", "mtu": -1"#), refused: "spec.\(type).mtu"),
            Self(.network, "M4, \(type), bond", content(#", "bond": {"name": "bond0", "mode": 1}"#)),
            Self(.network, "\(type), the highest mode", content(#", "bond": {"name": "bond0", "mode": 6}"#)),
            Self(
                .network, "\(type), a mode too high", content(#", "bond": {"name": "bond0", "mode": 7}"#),
                refused: "spec.\(type).bond.mode"),
            Self(
                .network, "\(type), mode -1", content(#", "bond": {"name": "bond0", "mode": -1}"#),
                refused: "spec.\(type).bond.mode"),
            Self(
                .network, "\(type), a bond without name", content(#", "bond": {"mode": 1}"#),
                refused: "spec.\(type).bond.name"),
            Self(
                .network, "\(type), a bond without mode", content(#", "bond": {"name": "bond0"}"#),
                refused: "spec.\(type).bond.mode"),
            Self(
                .network, "\(type), pools are a text", content(#", "ippools": {"ipv4": "rack"}"#),
                refused: "spec.\(type).ippools.ipv4"),
        ]
    }
}
