extension SchemaRow {
    static let pools: [Self] = [
        Self(
            .pool, "P1, the family is not the schema's to derive", #"{"subnet": "10.16.0.0/16"}"#,
            stored: #"{"subnet": "10.16.0.0/16", "ipVersion": null, "default": false, "disable": false}"#),
        Self(.pool, "P2", #"{"subnet": "fd00:1::/64"}"#, stored: #"{"ipVersion": null}"#),
        Self(.pool, "family 4", #"{"ipVersion": 4}"#),
        Self(.pool, "family 6", #"{"ipVersion": 6}"#),
        Self(.pool, "P6, family 5", #"{"ipVersion": 5}"#, refused: "spec.ipVersion"),
        Self(.pool, "family as text", #"{"ipVersion": "4"}"#, refused: "spec.ipVersion"),
        Self(.pool, "no subnet", #"{"subnet": null}"#, refused: "spec.subnet"),
        Self(.pool, "subnet is a number", #"{"subnet": 10}"#, refused: "spec.subnet"),
        Self(.pool, "no addresses", #"{"ips": []}"#),
        Self(.pool, "ips is a text", #"{"ips": "10.0.0.1"}"#, refused: "spec.ips"),
        Self(.pool, "a range is a number", #"{"ips": ["10.0.0.1", 2]}"#, refused: "spec.ips"),
        Self(.pool, "an excluded range is an object", #"{"excludeIPs": [{}]}"#, refused: "spec.excludeIPs"),
        Self(.pool, "gateway is a list", #"{"gateway": ["10.0.0.1"]}"#, refused: "spec.gateway"),
        Self(.pool, "P29, no routes on purpose", #"{"routes": []}"#),
        Self(.pool, "route without destination", #"{"routes": [{"gw": "10.0.0.1"}]}"#, refused: "spec.routes.dst"),
        Self(.pool, "route without next hop", #"{"routes": [{"dst": "10.0.0.0/8"}]}"#, refused: "spec.routes.gw"),
        Self(
            .pool, "route as elsewhere", #"{"routes": [{"dst": "1.0.0.0/8", "gw": "10.0.0.1", "to": "x"}]}"#,
            stored: #"{"routes": [{"dst": "1.0.0.0/8", "gw": "10.0.0.1", "to": null}]}"#),
        Self(.pool, "P26, an empty selector is for admission", #"{"podAffinity": {}}"#),
        Self(
            .pool, "selector with a value that is no text", #"{"podAffinity": {"matchLabels": {"a": 1}}}"#,
            refused: "spec.podAffinity.matchLabels.a"),
        Self(
            .pool, "condition without key", #"{"nodeAffinity": {"matchExpressions": [{"operator": "Exists"}]}}"#,
            refused: "spec.nodeAffinity.matchExpressions.key"),
        Self(
            .pool, "condition without operator", #"{"namespaceAffinity": {"matchExpressions": [{"key": "a"}]}}"#,
            refused: "spec.namespaceAffinity.matchExpressions.operator"),
        Self(.pool, "namespaceName is a text", #"{"namespaceName": "shop"}"#, refused: "spec.namespaceName"),
        Self(.pool, "nodeName is a text", #"{"nodeName": "rack-7"}"#, refused: "spec.nodeName"),
        Self(.pool, "P40, multusName", #"{"multusName": ["kube-system/mv100"]}"#),
        Self(.pool, "multusName is a text", #"{"multusName": "a/b"}"#, refused: "spec.multusName"),
        Self(.pool, "default is a text", #"{"default": "true"}"#, refused: "spec.default"),
        Self(.pool, "P39, disabled", #"{"disable": true}"#, stored: #"{"disable": true, "default": false}"#),
        Self(.pool, "disable is a number", #"{"disable": 1}"#, refused: "spec.disable"),
        Self(
            .pool, "unknown fields are dropped", #"{"vlan": 7, "Ips": ["10.0.0.1"]}"#,
            stored: #"{"vlan": null, "Ips": null, "ips": null}"#),
    ]

    static let addresses: [Self] = [
        Self(.subnet, "S1", #"{"subnet": "10.16.0.0/16"}"#, stored: #"{"subnet": "10.16.0.0/16", "ipVersion": null}"#),
        Self(.subnet, "family 5", #"{"ipVersion": 5}"#, refused: "spec.ipVersion"),
        Self(.subnet, "no subnet", #"{"subnet": null}"#, refused: "spec.subnet"),
        Self(.subnet, "ips is a text", #"{"ips": "10.0.0.1"}"#, refused: "spec.ips"),
        Self(.subnet, "excludeIPs is a text", #"{"excludeIPs": "10.0.0.1"}"#, refused: "spec.excludeIPs"),
        Self(.subnet, "route without next hop", #"{"routes": [{"dst": "10.0.0.0/8"}]}"#, refused: "spec.routes.gw"),
        Self(
            .subnet, "a pool's fields are dropped", #"{"default": true, "nodeName": ["a"]}"#,
            stored: #"{"default": null, "nodeName": null}"#),
        Self(.reserved, "R1, an empty list is for admission", #"{"ips": []}"#),
        Self(.reserved, "R2, two families are for admission", #"{"ips": ["10.0.0.1", "fd00::1"]}"#),
        Self(.reserved, "family 0", #"{"ipVersion": 0}"#, refused: "spec.ipVersion"),
        Self(.reserved, "ips is a text", #"{"ips": "10.0.0.1"}"#, refused: "spec.ips"),
        Self(.reserved, "a subnet is dropped", #"{"subnet": "10.0.0.0/8"}"#, stored: #"{"subnet": null}"#),
        Self(
            .endpoint, "E1, two interfaces", #"{"current": {"ips": [{"interface": "eth0"}, {"interface": "net1"}]}}"#,
            stored: #"{"current": {"ips": [{"interface": "eth0", "vlan": 0}, {"interface": "net1", "vlan": 0}]}}"#),
        Self(
            .endpoint, "an interface whose name is not known yet", #"{"current": {"ips": [{"interface": ""}]}}"#,
            stored: #"{"current": {"ips": [{"interface": "", "vlan": 0}]}}"#),
        Self(.endpoint, "E2, E3, any kind of owner", #"{"ownerControllerType": "VirtualMachineInstance"}"#),
        Self(.endpoint, "no current", #"{"current": null}"#, refused: "status.current"),
        Self(.endpoint, "no UID", #"{"current": {"uid": null}}"#, refused: "status.current.uid"),
        Self(.endpoint, "no node", #"{"current": {"node": null}}"#, refused: "status.current.node"),
        Self(.endpoint, "no list", #"{"current": {"ips": null}}"#, refused: "status.current.ips"),
        Self(.endpoint, "no kind of owner", #"{"ownerControllerType": null}"#, refused: "status.ownerControllerType"),
        Self(.endpoint, "no name of owner", #"{"ownerControllerName": null}"#, refused: "status.ownerControllerName"),
        Self(
            .endpoint, "no interface", #"{"current": {"ips": [{"ipv4": "10.0.0.1/8"}]}}"#,
            refused: "status.current.ips.interface"),
        Self(.endpoint, "the highest VLAN", #"{"current": {"ips": [{"interface": "a", "vlan": 4094}]}}"#),
        Self(
            .endpoint, "a VLAN too high", #"{"current": {"ips": [{"interface": "a", "vlan": 4095}]}}"#,
            refused: "status.current.ips.vlan"),
        Self(
            .endpoint, "a VLAN too low", #"{"current": {"ips": [{"interface": "a", "vlan": -1}]}}"#,
            refused: "status.current.ips.vlan"),
        Self(
            .endpoint, "cleanGateway is a text", #"{"current": {"ips": [{"interface": "a", "cleanGateway": "no"}]}}"#,
            refused: "status.current.ips.cleanGateway"),
        Self(
            .endpoint, "unknown fields are dropped", #"{"current": {"ips": [{"interface": "a", "nic": 1}]}}"#,
            stored: #"{"current": {"ips": [{"interface": "a", "nic": null}]}}"#),
    ]

    private static let claim =
        #""ip": "10.0.0.1", "pool": "p", "uid": "u", "seq": 1, "since": "2026-11-26T12:00:00.000Z""#
    private static let rest =
        #""ip": "10.0.0.1", "since": "2026-11-26T12:00:00.000Z", "until": "2026-11-26T12:01:00.000Z""#
    private static func many(_ count: Int) -> String {
        Array(repeating: "{\(claim)}", count: count).joined(separator: ",")
    }

    static let blocks: [Self] = [
        Self(
            .block, "nothing is added", "{}", stored: #"{"write": null, "claims": null, "rests": null, "node": null}"#),
        Self(.block, "no prefix", #"{"cidr": null}"#, refused: "spec.cidr"),
        Self(.block, "no sequence number", #"{"sequence": null}"#, refused: "spec.sequence"),
        Self(.block, "the highest sequence number", #"{"sequence": 9223372036854775807}"#),
        Self(.block, "a negative sequence number", #"{"sequence": -1}"#, refused: "spec.sequence"),
        Self(.block, "a write", #"{"write": "00000000000000ab"}"#),
        Self(.block, "a write in capitals", #"{"write": "00000000000000AB"}"#, refused: "spec.write"),
        Self(.block, "a short write", #"{"write": "ab"}"#, refused: "spec.write"),
        Self(.block, "a claim on no node", #"{"node": "n", "claims": [{\#(claim), "node": ""}]}"#),
        Self(
            .block, "a claim of an unknown state", #"{"claims": [{\#(claim), "state": "lost"}]}"#,
            refused: "spec.claims.state"),
        Self(
            .block, "a claim without UID", #"{"claims": [{"ip": "10.0.0.1", "pool": "p", "seq": 1, "since": "x"}]}"#,
            refused: "spec.claims.uid"),
        Self(.block, "as many claims as addresses", #"{"claims": [\#(many(64))]}"#),
        Self(.block, "more claims than addresses", #"{"claims": [\#(many(65))]}"#, refused: "spec.claims"),
        Self(.block, "a rest", #"{"rests": [{\#(rest), "reason": "quarantined"}]}"#),
        Self(.block, "a rest without reason", #"{"rests": [{\#(rest)}]}"#, refused: "spec.rests.reason"),
        Self(
            .block, "a rest for an unknown reason", #"{"rests": [{\#(rest), "reason": "tired"}]}"#,
            refused: "spec.rests.reason"),
    ]
}
