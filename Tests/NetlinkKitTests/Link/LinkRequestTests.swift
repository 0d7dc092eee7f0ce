import IPAMCore
import SystemPackage
import Testing

@testable import NetlinkKit

/// The requests as bytes, against the structures of linux/rtnetlink.h and linux/if_link.h.
@Suite
struct LinkRequestTests {
    static func name(_ text: String) throws -> InterfaceName { try #require(InterfaceName(text)) }

    static func index(_ number: Int32) throws -> LinkIndex { try #require(LinkIndex(rawValue: number)) }

    func bytes(_ fill: (inout RouteBatch) throws -> Void) rethrows -> [UInt8] {
        var batch = RouteBatch()
        try fill(&batch)
        return batch.messages.bytes
    }

    @Test
    func macvlan() throws {
        let bytes = try bytes {
            $0.add(
                LinkSpecification(
                    try Self.name("mv0"), .macvlan(parent: try Self.index(7), mode: .bridge),
                    settings: LinkSettings(
                        mtuBytes: 1400, address: MACAddress(2, 0, 0, 0, 0, 1), namespace: .process(513))))
        }
        #expect(
            bytes
                == hex(
                    """
                    68000000 1000 0506 00000000 00000000  ; nlmsghdr: 104, RTM_NEWLINK, REQUEST ACK EXCL CREATE
                    00 00 0000 00000000 00000000 00000000  ; ifinfomsg
                    0800 0400 78050000                    ; IFLA_MTU 1400
                    0a00 0100 020000000001 0000           ; IFLA_ADDRESS
                    0800 1300 01020000                    ; IFLA_NET_NS_PID 513
                    0800 0300 6d763000                    ; IFLA_IFNAME "mv0"
                    0800 0500 07000000                    ; IFLA_LINK 7
                    1c00 1280                             ; IFLA_LINKINFO
                      0c00 0100 6d6163766c616e00          ;   IFLA_INFO_KIND "macvlan"
                      0c00 0280                           ;   IFLA_INFO_DATA
                        0800 0100 04000000                ;     IFLA_MACVLAN_MODE bridge
                    """))
    }

    @Test
    func vethWithItsPeerElsewhere() throws {
        let bytes = try bytes {
            $0.add(
                LinkSpecification(
                    try Self.name("v0"),
                    .veth(
                        .init(
                            try Self.name("v1"),
                            settings: LinkSettings(
                                isUp: true, namespace: .descriptor(FileDescriptor(rawValue: 9)))))))
        }
        #expect(
            bytes
                == hex(
                    """
                    60000000 1000 0506 00000000 00000000  ; nlmsghdr: 96, RTM_NEWLINK, REQUEST ACK EXCL CREATE
                    00 00 0000 00000000 00000000 00000000  ; ifinfomsg
                    0700 0300 763000 00                   ; IFLA_IFNAME "v0"
                    3800 1280                             ; IFLA_LINKINFO
                      0900 0100 7665746800 000000         ;   IFLA_INFO_KIND "veth"
                      2800 0280                           ;   IFLA_INFO_DATA
                        2400 0180                         ;     VETH_INFO_PEER
                          00 00 0000 00000000 01000000 01000000  ; ifinfomsg: IFF_UP of IFF_UP
                          0800 1c00 09000000              ;       IFLA_NET_NS_FD 9
                          0700 0300 763100 00             ;       IFLA_IFNAME "v1"
                    """))
    }

    @Test
    func vlanInNetworkByteOrder() throws {
        let id = try #require(VLANIdentifier(rawValue: 100))
        let bytes = try bytes {
            $0.add(
                LinkSpecification(
                    try Self.name("e.100"), .vlan(parent: try Self.index(2), id: id, protocol: .service)))
        }
        #expect(
            bytes
                == hex(
                    """
                    58000000 1000 0506 00000000 00000000  ; nlmsghdr: 88, RTM_NEWLINK, REQUEST ACK EXCL CREATE
                    00 00 0000 00000000 00000000 00000000  ; ifinfomsg
                    0a00 0300 652e31303000 0000           ; IFLA_IFNAME "e.100"
                    0800 0500 02000000                    ; IFLA_LINK 2
                    2400 1280                             ; IFLA_LINKINFO
                      0900 0100 766c616e00 000000         ;   IFLA_INFO_KIND "vlan"
                      1400 0280                           ;   IFLA_INFO_DATA
                        0600 0100 6400 0000               ;     IFLA_VLAN_ID 100
                        0600 0500 88a8 0000               ;     IFLA_VLAN_PROTOCOL 802.1ad, big-endian
                    """))
    }

    @Test
    func bondOptionsOfEveryForm() throws {
        var options = BondOptions(mode: .activeBackup)
        options[.arpIPTarget] = BondOption.arpIPTarget.value(parsing: "10.0.0.1,10.0.0.2")
        options[.miimon] = .number(100)
        options[.primary] = .link(try Self.index(5))
        options[.adActorSysPrio] = .number(0x1234)
        options[.adActorSystem] = BondOption.adActorSystem.value(parsing: "02:00:00:00:00:01")
        let bytes = try bytes { $0.update(try Self.index(9), LinkChange(bondOptions: options)) }
        #expect(
            bytes
                == hex(
                    """
                    74000000 1000 0500 00000000 00000000  ; nlmsghdr: 116, RTM_NEWLINK, REQUEST ACK
                    00 00 0000 09000000 00000000 00000000  ; ifinfomsg: link 9
                    5400 1280                             ; IFLA_LINKINFO
                      0900 0100 626f6e6400 000000         ;   IFLA_INFO_KIND "bond"
                      4400 0280                           ;   IFLA_INFO_DATA
                        0500 0100 01 000000               ;     IFLA_BOND_MODE active-backup
                        0800 0300 64000000                ;     IFLA_BOND_MIIMON 100
                        1400 0880                         ;     IFLA_BOND_ARP_IP_TARGET
                          0800 0000 0a000001              ;       10.0.0.1
                          0800 0100 0a000002              ;       10.0.0.2
                        0800 0b00 05000000                ;     IFLA_BOND_PRIMARY 5
                        0600 1800 3412 0000               ;     IFLA_BOND_AD_ACTOR_SYS_PRIO
                        0a00 1a00 020000000001 0000       ;     IFLA_BOND_AD_ACTOR_SYSTEM
                    """))
    }

    @Test
    func leavesAMaster() throws {
        let bytes = try bytes {
            $0.update(try Self.index(9), LinkSettings(isUp: false, master: LinkSettings.Master.none))
        }
        #expect(
            bytes
                == hex(
                    """
                    28000000 1300 0500 00000000 00000000  ; nlmsghdr: 40, RTM_SETLINK, REQUEST ACK
                    00 00 0000 09000000 00000000 01000000  ; ifinfomsg: link 9, not IFF_UP
                    0800 0a00 00000000                    ; IFLA_MASTER 0
                    """))
    }

    @Test
    func refusesWhatNoMessageCanCarry() throws {
        var socket = RouteSocket(ScriptedTransport([]))
        let error = #expect(throws: NetlinkError.self) {
            try socket.update(
                try Self.index(1), LinkSettings(alias: String(repeating: "a", count: 70_000)))
        }
        #expect(error?.code == .invalid)
    }
}
