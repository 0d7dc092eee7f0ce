import IPAMCore
import Testing

@testable import NetlinkKit

/// The requests as bytes, against linux/rtnetlink.h, linux/fib_rules.h and linux/neighbour.h.
@Suite
struct RouteRequestTests {
    func bytes(_ fill: (inout RouteBatch) throws -> Void) rethrows -> [UInt8] {
        var batch = RouteBatch()
        try fill(&batch)
        return batch.messages.bytes
    }

    @Test
    func route() throws {
        let bytes = try bytes {
            var route = Route(
                to: try CIDR(parsing: "10.96.0.0/12"),
                path: .hop(NextHop(link: LinkIndex(rawValue: 3), gateway: IPAddress("172.22.0.11"))),
                table: RouteTable(rawValue: 101))
            route.preferredSource = IPAddress("172.22.4.10")
            $0.update(route)
        }
        #expect(
            bytes
                == hex(
                    """
                    44000000 1800 0505 00000000 00000000  ; nlmsghdr: 68, RTM_NEWROUTE, REQUEST ACK REPLACE CREATE
                    02 0c 00 00 65 03 00 01 00000000      ; rtmsg: AF_INET /12, table 101, RTPROT_BOOT, universe, unicast
                    0800 0100 0a600000                    ; RTA_DST 10.96.0.0
                    0800 0f00 65000000                    ; RTA_TABLE 101
                    0800 0700 ac16040a                    ; RTA_PREFSRC 172.22.4.10
                    0800 0400 03000000                    ; RTA_OIF 3
                    0800 0500 ac16000b                    ; RTA_GATEWAY 172.22.0.11
                    """))
    }

    @Test
    func rule() throws {
        let bytes = try bytes {
            var rule = Rule(.ipv4, priority: 1000, table: RouteTable(rawValue: 4000))
            rule.source = try CIDR(parsing: "172.23.4.10/32")
            rule.mark = 1
            $0.add(rule)
        }
        #expect(
            bytes
                == hex(
                    """
                    44000000 2000 0506 00000000 00000000  ; nlmsghdr: 68, RTM_NEWRULE, REQUEST ACK EXCL CREATE
                    02 00 20 00 00 00 00 01 00000000      ; fib_rule_hdr: AF_INET, source /32, FR_ACT_TO_TBL
                    0800 0600 e8030000                    ; FRA_PRIORITY 1000
                    0800 0f00 a00f0000                    ; FRA_TABLE 4000
                    0800 0200 ac17040a                    ; FRA_SRC 172.23.4.10
                    0800 0a00 01000000                    ; FRA_FWMARK 1
                    0800 1000 ffffffff                    ; FRA_FWMASK
                    """))
    }

    @Test
    func neighbor() throws {
        let bytes = try bytes {
            $0.update(
                Neighbor(
                    try #require(IPAddress("172.22.4.10")), on: try #require(LinkIndex(rawValue: 9)),
                    hardwareAddress: MACAddress(2, 0, 0, 0, 0, 1)))
        }
        #expect(
            bytes
                == hex(
                    """
                    30000000 1c00 0505 00000000 00000000  ; nlmsghdr: 48, RTM_NEWNEIGH, REQUEST ACK REPLACE CREATE
                    02 00 0000 09000000 8000 00 00        ; ndmsg: AF_INET, link 9, NUD_PERMANENT
                    0800 0100 ac16040a                    ; NDA_DST 172.22.4.10
                    0a00 0200 020000000001 0000           ; NDA_LLADDR
                    """))
    }
}
