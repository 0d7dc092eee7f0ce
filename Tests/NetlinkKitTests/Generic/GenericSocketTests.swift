import IPAMCore
import SystemPackage
import Testing

@testable import NetlinkKit

/// Requests and answers of generic netlink as bytes, against linux/genetlink.h, linux/ethtool_netlink.h and
/// linux/devlink.h.
@Suite
struct GenericSocketTests {
    /// The answer to `CTRL_CMD_GETFAMILY`: the family has the number 0x15.
    static let family = hex(
        """
        28000000 1000 0000 00000000 00000000  ; nlmsghdr: 40, GENL_ID_CTRL
        01 02 0000                            ; genlmsghdr: CTRL_CMD_NEWFAMILY, version 2
        0c00 0200 6574687430 6f6f6c           ; CTRL_ATTR_FAMILY_NAME
        0600 0100 1500 0000                   ; CTRL_ATTR_FAMILY_ID 0x15
        """)

    static let noFamily = hex(
        """
        24000000 0200 0001 00000000 00000000  ; nlmsghdr: 36, NLMSG_ERROR, NLM_F_CAPPED
        feffffff                              ; nlmsgerr: -2, ENOENT
        20000000 1000 0100 01000000 00000000  ; the header of the request
        """)

    @Test
    func asksForAFamilyOnceAndForFeaturesByItsNumber() throws {
        let features = hex(
            """
            78000000 1500 0000 00000000 00000000  ; nlmsghdr: 120, the family
            0b 01 0000                            ; genlmsghdr: ETHTOOL_MSG_FEATURES_GET_REPLY
            3800 0280                             ; ETHTOOL_A_FEATURES_HW
              0800 0200 40000000                  ;   ETHTOOL_A_BITSET_SIZE 64
              2c00 0380                           ;   ETHTOOL_A_BITSET_BITS
                1400 0180                         ;     ETHTOOL_A_BITSET_BITS_BIT
                  0a00 0200 72782d67726f 0000     ;       ETHTOOL_A_BITSET_BIT_NAME "rx-gro"
                  0400 0300                       ;       ETHTOOL_A_BITSET_BIT_VALUE
                1400 0180                         ;     ETHTOOL_A_BITSET_BITS_BIT, not set
                  0d00 0200 6c6f6f706261636b 00 000000 ;  ETHTOOL_A_BITSET_BIT_NAME "loopback"
            2c00 0480                             ; ETHTOOL_A_FEATURES_ACTIVE
              0400 0100                           ;   ETHTOOL_A_BITSET_NOMASK
              2400 0380                           ;   ETHTOOL_A_BITSET_BITS
                1000 0180                         ;     ETHTOOL_A_BITSET_BITS_BIT
                  0a00 0200 72782d67726f 0000     ;       ETHTOOL_A_BITSET_BIT_NAME "rx-gro"
                1000 0180                         ;     ETHTOOL_A_BITSET_BITS_BIT
                  0c00 0200 6c6f6f706261636b      ;       ETHTOOL_A_BITSET_BIT_NAME "loopback"
            """)
        let script = ScriptedTransport([.datagram(Self.family), .datagram(features), .datagram(features)])
        var socket = GenericSocket(script)
        let link = try #require(LinkIndex(rawValue: 7))
        let read = try socket.features(of: link)
        #expect(read.changeable == [.genericReceive])
        #expect(read.active == [.genericReceive, LinkFeature(rawValue: "loopback")])
        _ = try socket.features(of: link)
        #expect(script.remaining == 0)
        #expect(
            script.requests.first
                == hex(
                    """
                    20000000 1000 0100 01000000 00000000  ; nlmsghdr: 32, GENL_ID_CTRL, REQUEST
                    03 01 0000                            ; genlmsghdr: CTRL_CMD_GETFAMILY
                    0c00 0200 657468746f6f6c 00           ; CTRL_ATTR_FAMILY_NAME "ethtool"
                    """))
        #expect(
            script.requests.last
                == hex(
                    """
                    20000000 1500 0100 03000000 00000000  ; nlmsghdr: 32, the family, REQUEST
                    0b 01 0000                            ; genlmsghdr: ETHTOOL_MSG_FEATURES_GET
                    0c00 0180                             ; ETHTOOL_A_FEATURES_HEADER
                      0800 0100 07000000                  ;   ETHTOOL_A_HEADER_DEV_INDEX 7
                    """))
    }

    @Test
    func listsDevlinkDevices() throws {
        let devices = hex(
            """
            30000000 1500 0200 00000000 00000000  ; nlmsghdr: 48, the family, NLM_F_MULTI
            03 01 0000                            ; genlmsghdr: DEVLINK_CMD_NEW
            0800 0100 70636900                    ; DEVLINK_ATTR_BUS_NAME "pci"
            1100 0200 303030303a33623a30302e30 00 000000 ; DEVLINK_ATTR_DEV_NAME "0000:3b:00.0"
            14000000 0300 0200 00000000 00000000  ; nlmsghdr: 20, NLMSG_DONE
            00000000
            """)
        var socket = GenericSocket(ScriptedTransport([.datagram(Self.family), .datagram(devices)]))
        #expect(try socket.devlinkDevices().map(\.description) == ["pci/0000:3b:00.0"])
    }

    @Test
    func saysWhatTheKernelLacks() {
        var socket = GenericSocket(ScriptedTransport([.datagram(Self.noFamily)]))
        let error = #expect(throws: NetlinkError.self) { try socket.devlinkDevices() }
        #expect(error?.code == .notSupported)
        #expect(
            error?.description
                == "find generic netlink family devlink: No such file or directory: this kernel does not have it")
    }
}
