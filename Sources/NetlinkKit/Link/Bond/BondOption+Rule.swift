internal import IPAMCore

extension BondOption {
    /// What the kernel asks of the option.
    public var rule: BondOptionRule { Self.rules[Int(rawValue)] ?? Self.noRule }

    private static let noRule = BondOptionRule("", .number(bytes: 4, 0...0))

    /// The rules at the place of their number, so that reading a bond looks nothing up by name.
    private static let rules: [BondOptionRule?] = {
        var rules = [BondOptionRule?](repeating: nil, count: 34)
        for (option, rule) in table { rules[Int(option.rawValue)] = rule }
        return rules
    }()

    /// One row for each option.
    static let table: [(BondOption, BondOptionRule)] = [
        (.mode, .init("mode", .number(bytes: 1, 0...6, words: BondMode.words), when: [.hasNoMembers, .isDown])),
        (.activeSlave, .init("active_slave", .link, modes: .withActiveMember, when: .hasMembers)),
        (.miimon, .init("miimon", .milliseconds)),
        (.updelay, .init("updelay", aliases: ["up_delay"], .milliseconds, needsMiimon: true)),
        (.downdelay, .init("downdelay", aliases: ["down_delay"], .milliseconds, needsMiimon: true)),
        (.useCarrier, .init("use_carrier", .flag)),
        (.arpInterval, .init("arp_interval", .milliseconds, modes: .watchingByARP)),
        (.arpIPTarget, .init("arp_ip_target", .addresses(.ipv4))),
        (
            .arpValidate,
            .init(
                "arp_validate",
                .words(bytes: 4, "none", "active", "backup", "all", "filter", "filter_active", "filter_backup"),
                modes: .watchingByARP)
        ),
        (.arpAllTargets, .init("arp_all_targets", .words(bytes: 4, "any", "all"))),
        (.primary, .init("primary", .link, modes: .withActiveMember)),
        (.primaryReselect, .init("primary_reselect", .words("always", "better", "failure"))),
        (.failOverMAC, .init("fail_over_mac", .words("none", "active", "follow"), when: .hasNoMembers)),
        (
            .xmitHashPolicy,
            .init(
                "xmit_hash_policy",
                .words("layer2", "layer3+4", "layer2+3", "encap2+3", "encap3+4", "vlan+srcmac"))
        ),
        (.resendIGMP, .init("resend_igmp", .number(bytes: 4, 0...255))),
        (
            .numPeerNotif,
            .init("num_peer_notif", aliases: ["num_grat_arp", "num_unsol_na"], .number(bytes: 1, 0...255))
        ),
        (.allSlavesActive, .init("all_slaves_active", .flag)),
        (.minLinks, .init("min_links", .number(bytes: 4, 0...UInt32(Int32.max)))),
        (.lpInterval, .init("lp_interval", .number(bytes: 4, 1...UInt32(Int32.max)))),
        (
            .packetsPerSlave,
            .init("packets_per_slave", .number(bytes: 4, 0...65535), modes: BondModes(.balanceRoundRobin))
        ),
        (.lacpRate, .init("lacp_rate", .words("slow", "fast"), modes: .lacp, when: .isDown)),
        (.adSelect, .init("ad_select", .words("stable", "bandwidth", "count"), when: .isDown)),
        (.adActorSysPrio, .init("ad_actor_sys_prio", .number(bytes: 2, 1...65535), modes: .lacp)),
        (.adUserPortKey, .init("ad_user_port_key", .number(bytes: 2, 0...1023), modes: .lacp, when: .isDown)),
        (.adActorSystem, .init("ad_actor_system", .hardwareAddress, modes: .lacp)),
        (
            .tlbDynamicLB,
            .init("tlb_dynamic_lb", .flag, modes: BondModes(.balanceTLB, .balanceALB), when: .isDown)
        ),
        (.peerNotifDelay, .init("peer_notif_delay", .number(bytes: 4, 0...300_000), needsMiimon: true)),
        (.lacpActive, .init("lacp_active", .words("off", "on"), modes: .lacp, when: .isDown)),
        (
            .missedMax,
            .init("missed_max", aliases: ["arp_missed_max"], .number(bytes: 1, 1...255), modes: .watchingByARP)
        ),
        (.nsIP6Target, .init("ns_ip6_target", .addresses(.ipv6))),
        (.coupledControl, .init("coupled_control", .words("off", "on"), modes: .lacp, when: .isDown)),
        (.broadcastNeighbor, .init("broadcast_neighbor", .words("off", "on"), modes: .lacp)),
    ]
}

extension BondModes {
    /// The one that speaks LACP.
    public static let lacp = Self(.ieee8023ad)
}
