import IPAMCore
import SystemPackage
import Testing

@testable import NetlinkKit

/// Requests and answers of nftables as bytes, against linux/netfilter/nfnetlink.h and linux/netfilter/nf_tables.h.
@Suite
struct NetfilterSocketTests {
    /// The answer (`NLMSG_ERROR`, `NLM_F_CAPPED`) to the request with a number; both numbers as they are in memory.
    static func answer(_ sequence: String, errno: String = "00000000") -> [UInt8] {
        hex("24000000 0200 0001 \(sequence) 00000000 \(errno) 00000000 00000000 \(sequence) 00000000")
    }

    /// The transaction that puts the marks for IPv4 in the place of others.
    static let installation = hex(
        """
        14000000 1000 0100 01000000 00000000     ; nlmsghdr: 20, NFNL_MSG_BATCH_BEGIN, REQUEST
        00 00 000a                               ; nfgenmsg: NFPROTO_UNSPEC, NFNL_SUBSYS_NFTABLES
        24000000 000a 0104 02000000 00000000     ; nlmsghdr: 36, NFT_MSG_NEWTABLE, REQUEST CREATE
        02 00 0000                               ; nfgenmsg: NFPROTO_IPV4
        0f00 0100 737069646572706f6f6c00 00      ; NFTA_TABLE_NAME "spiderpool"
        24000000 020a 0100 03000000 00000000     ; nlmsghdr: 36, NFT_MSG_DELTABLE, REQUEST
        02 00 0000                               ; nfgenmsg: NFPROTO_IPV4
        0f00 0100 737069646572706f6f6c00 00      ; NFTA_TABLE_NAME "spiderpool"
        24000000 000a 0104 04000000 00000000     ; nlmsghdr: 36, NFT_MSG_NEWTABLE, REQUEST CREATE
        02 00 0000                               ; nfgenmsg: NFPROTO_IPV4
        0f00 0100 737069646572706f6f6c00 00      ; NFTA_TABLE_NAME "spiderpool"
        5c000000 030a 0104 05000000 00000000     ; nlmsghdr: 92, NFT_MSG_NEWCHAIN, REQUEST CREATE
        02 00 0000                               ; nfgenmsg: NFPROTO_IPV4
        0f00 0100 737069646572706f6f6c00 00      ; NFTA_CHAIN_TABLE "spiderpool"
        0f00 0300 707265726f7574696e6700 00      ; NFTA_CHAIN_NAME "prerouting"
        0b00 0700 66696c74657200 00              ; NFTA_CHAIN_TYPE "filter"
        0800 0500 00000001                       ; NFTA_CHAIN_POLICY 1
        1400 0480                                ; NFTA_CHAIN_HOOK
          0800 0100 00000000                     ; NFTA_HOOK_HOOKNUM 0
          0800 0200 ffffff6a                     ; NFTA_HOOK_PRIORITY -150
        58000000 030a 0104 06000000 00000000     ; nlmsghdr: 88, NFT_MSG_NEWCHAIN, REQUEST CREATE
        02 00 0000                               ; nfgenmsg: NFPROTO_IPV4
        0f00 0100 737069646572706f6f6c00 00      ; NFTA_CHAIN_TABLE "spiderpool"
        0b00 0300 6f757470757400 00              ; NFTA_CHAIN_NAME "output"
        0a00 0700 726f75746500 0000              ; NFTA_CHAIN_TYPE "route"
        0800 0500 00000001                       ; NFTA_CHAIN_POLICY 1
        1400 0480                                ; NFTA_CHAIN_HOOK
          0800 0100 00000003                     ; NFTA_HOOK_HOOKNUM 3
          0800 0200 ffffff6a                     ; NFTA_HOOK_PRIORITY -150
        e4010000 060a 010c 07000000 00000000     ; nlmsghdr: 484, NFT_MSG_NEWRULE, REQUEST CREATE APPEND
        02 00 0000                               ; nfgenmsg: NFPROTO_IPV4
        0f00 0100 737069646572706f6f6c00 00      ; NFTA_RULE_TABLE "spiderpool"
        0f00 0200 707265726f7574696e6700 00      ; NFTA_RULE_CHAIN "prerouting"
        7401 0480                                ; NFTA_RULE_EXPRESSIONS
          2400 0180                              ; NFTA_LIST_ELEM
            0900 0100 6d65746100 000000          ; NFTA_EXPR_NAME "meta"
            1400 0280                            ; NFTA_EXPR_DATA
              0800 0200 00000006                 ; NFTA_META_KEY NFT_META_IIFNAME
              0800 0100 00000001                 ; NFTA_META_DREG 1
          3800 0180                              ; NFTA_LIST_ELEM
            0800 0100 636d7000                   ; NFTA_EXPR_NAME "cmp"
            2c00 0280                            ; NFTA_EXPR_DATA
              0800 0100 00000001                 ; NFTA_CMP_SREG 1
              0800 0200 00000000                 ; NFTA_CMP_OP 0
              1800 0380                          ; NFTA_CMP_DATA
                1400 0100 76657468300000000000000000000000 ; NFTA_DATA_VALUE "veth0"
          2000 0180                              ; NFTA_LIST_ELEM
            0700 0100 637400 00                  ; NFTA_EXPR_NAME "ct"
            1400 0280                            ; NFTA_EXPR_DATA
              0800 0200 00000000                 ; NFTA_CT_KEY NFT_CT_STATE
              0800 0100 00000001                 ; NFTA_CT_DREG 1
          4400 0180                              ; NFTA_LIST_ELEM
            0c00 0100 6269747769736500           ; NFTA_EXPR_NAME "bitwise"
            3400 0280                            ; NFTA_EXPR_DATA
              0800 0100 00000001                 ; NFTA_BITWISE_SREG 1
              0800 0200 00000001                 ; NFTA_BITWISE_DREG 1
              0800 0300 00000004                 ; NFTA_BITWISE_LEN 4
              0c00 0480                          ; NFTA_BITWISE_MASK
                0800 0100 08000000               ; NFTA_DATA_VALUE 0x8
              0c00 0580                          ; NFTA_BITWISE_XOR
                0800 0100 00000000               ; NFTA_DATA_VALUE 0x0
          2c00 0180                              ; NFTA_LIST_ELEM
            0800 0100 636d7000                   ; NFTA_EXPR_NAME "cmp"
            2000 0280                            ; NFTA_EXPR_DATA
              0800 0100 00000001                 ; NFTA_CMP_SREG 1
              0800 0200 00000001                 ; NFTA_CMP_OP 1
              0c00 0380                          ; NFTA_CMP_DATA
                0800 0100 00000000               ; NFTA_DATA_VALUE 0x0
          2000 0180                              ; NFTA_LIST_ELEM
            0700 0100 637400 00                  ; NFTA_EXPR_NAME "ct"
            1400 0280                            ; NFTA_EXPR_DATA
              0800 0200 00000003                 ; NFTA_CT_KEY NFT_CT_MARK
              0800 0100 00000001                 ; NFTA_CT_DREG 1
          4400 0180                              ; NFTA_LIST_ELEM
            0c00 0100 6269747769736500           ; NFTA_EXPR_NAME "bitwise"
            3400 0280                            ; NFTA_EXPR_DATA
              0800 0100 00000001                 ; NFTA_BITWISE_SREG 1
              0800 0200 00000001                 ; NFTA_BITWISE_DREG 1
              0800 0300 00000004                 ; NFTA_BITWISE_LEN 4
              0c00 0480                          ; NFTA_BITWISE_MASK
                0800 0100 ffffffef               ; NFTA_DATA_VALUE 0xefffffff
              0c00 0580                          ; NFTA_BITWISE_XOR
                0800 0100 00000010               ; NFTA_DATA_VALUE 0x10000000
          2000 0180                              ; NFTA_LIST_ELEM
            0700 0100 637400 00                  ; NFTA_EXPR_NAME "ct"
            1400 0280                            ; NFTA_EXPR_DATA
              0800 0200 00000003                 ; NFTA_CT_KEY NFT_CT_MARK
              0800 0400 00000001                 ; NFTA_CT_SREG 1
        3c00 0700 ; NFTA_RULE_USERDATA: type, length, "spiderpool: remember that the connection came in here"
          0036737069646572706f6f6c3a2072656d656d62657220746861742074686520636f6e6e656374696f6e2063616d6520
          696e206865726500
        a0010000 060a 050c 08000000 00000000     ; nlmsghdr: 416, NFT_MSG_NEWRULE, REQUEST ACK CREATE APPEND
        02 00 0000                               ; nfgenmsg: NFPROTO_IPV4
        0f00 0100 737069646572706f6f6c00 00      ; NFTA_RULE_TABLE "spiderpool"
        0b00 0200 6f757470757400 00              ; NFTA_RULE_CHAIN "output"
        3401 0480                                ; NFTA_RULE_EXPRESSIONS
          2000 0180                              ; NFTA_LIST_ELEM
            0700 0100 637400 00                  ; NFTA_EXPR_NAME "ct"
            1400 0280                            ; NFTA_EXPR_DATA
              0800 0200 00000003                 ; NFTA_CT_KEY NFT_CT_MARK
              0800 0100 00000001                 ; NFTA_CT_DREG 1
          4400 0180                              ; NFTA_LIST_ELEM
            0c00 0100 6269747769736500           ; NFTA_EXPR_NAME "bitwise"
            3400 0280                            ; NFTA_EXPR_DATA
              0800 0100 00000001                 ; NFTA_BITWISE_SREG 1
              0800 0200 00000001                 ; NFTA_BITWISE_DREG 1
              0800 0300 00000004                 ; NFTA_BITWISE_LEN 4
              0c00 0480                          ; NFTA_BITWISE_MASK
                0800 0100 00000010               ; NFTA_DATA_VALUE 0x10000000
              0c00 0580                          ; NFTA_BITWISE_XOR
                0800 0100 00000000               ; NFTA_DATA_VALUE 0x0
          2c00 0180                              ; NFTA_LIST_ELEM
            0800 0100 636d7000                   ; NFTA_EXPR_NAME "cmp"
            2000 0280                            ; NFTA_EXPR_DATA
              0800 0100 00000001                 ; NFTA_CMP_SREG 1
              0800 0200 00000000                 ; NFTA_CMP_OP 0
              0c00 0380                          ; NFTA_CMP_DATA
                0800 0100 00000010               ; NFTA_DATA_VALUE 0x10000000
          2400 0180                              ; NFTA_LIST_ELEM
            0900 0100 6d65746100 000000          ; NFTA_EXPR_NAME "meta"
            1400 0280                            ; NFTA_EXPR_DATA
              0800 0200 00000003                 ; NFTA_META_KEY NFT_META_MARK
              0800 0100 00000001                 ; NFTA_META_DREG 1
          2c00 0180                              ; NFTA_LIST_ELEM
            0800 0100 636d7000                   ; NFTA_EXPR_NAME "cmp"
            2000 0280                            ; NFTA_EXPR_DATA
              0800 0100 00000001                 ; NFTA_CMP_SREG 1
              0800 0200 00000000                 ; NFTA_CMP_OP 0
              0c00 0380                          ; NFTA_CMP_DATA
                0800 0100 00000000               ; NFTA_DATA_VALUE 0x0
          2c00 0180                              ; NFTA_LIST_ELEM
            0e00 0100 696d6d65646961746500 0000  ; NFTA_EXPR_NAME "immediate"
            1800 0280                            ; NFTA_EXPR_DATA
              0800 0100 00000001                 ; NFTA_IMMEDIATE_DREG 1
              0c00 0280                          ; NFTA_IMMEDIATE_DATA
                0800 0100 01000000               ; NFTA_DATA_VALUE 0x1
          2400 0180                              ; NFTA_LIST_ELEM
            0900 0100 6d65746100 000000          ; NFTA_EXPR_NAME "meta"
            1400 0280                            ; NFTA_EXPR_DATA
              0800 0200 00000003                 ; NFTA_META_KEY NFT_META_MARK
              0800 0300 00000001                 ; NFTA_META_SREG 1
        3b00 0700 ; NFTA_RULE_USERDATA: type, length, "spiderpool: let its answers leave by the way it came"
          0035737069646572706f6f6c3a206c65742069747320616e7377657273206c6561766520627920746865207761792069
          742063616d650000
        14000000 1100 0100 09000000 00000000     ; nlmsghdr: 20, NFNL_MSG_BATCH_END, REQUEST
        00 00 000a                               ; nfgenmsg: NFPROTO_UNSPEC, NFNL_SUBSYS_NFTABLES
        """)

    @Test
    func writesOneTransactionOfWhichTheLastChangeAloneIsAcknowledged() throws {
        let script = ScriptedTransport([.datagram(Self.answer("08000000"))])
        var socket = NetfilterSocket(script)
        try socket.apply(ReplyMarksKernelTests.marks().installation(.ipv4, over: .different("")))
        #expect(script.requests == [Self.installation])
        #expect(script.remaining == 0)
    }

    struct Outcome: Sendable, CustomTestStringConvertible {
        let answers: [[UInt8]]
        let code: NetlinkError.Code
        let text: String
        var testDescription: String { text }
    }

    @Test(arguments: [
        // A kernel without nftables, and a process without the capability, are told as the answer to NFNL_MSG_BATCH_BEGIN.
        Outcome(
            answers: [answer("01000000", errno: "a1ffffff")], code: .notSupported,
            text: "change the rules of nftables: Operation not supported: nothing was changed"),
        Outcome(
            answers: [answer("01000000", errno: "ffffffff")], code: .notPermitted,
            text: "change the rules of nftables: Operation not permitted: nothing was changed"),
        // A commit that fails: the answer to the last change comes after that.
        Outcome(
            answers: [answer("01000000", errno: "f4ffffff"), answer("03000000")], code: .system,
            text: "change the rules of nftables: Cannot allocate memory: nothing was changed"),
        Outcome(
            answers: [answer("02000000", errno: "ffffffff"), answer("03000000", errno: "feffffff")],
            code: .notPermitted,
            text: "add table ip spiderpool: Operation not permitted: "
                + "also refused: remove table ip spiderpool: No such file or directory; nothing was changed"),
        Outcome(
            answers: [answer("02000000", errno: "ffffffff")], code: .timedOut,
            text: "change the rules of nftables: timed out: no answer within 5.0 seconds"),
    ])
    func tellsOfRefusalsAndIsAsGoodAsBefore(row: Outcome) throws {
        let last = [ScriptedTransport.Step.datagram(Self.answer("07000000"))]
        let script = ScriptedTransport(
            row.answers.map(ScriptedTransport.Step.datagram) + (row.code == .timedOut ? [] : last))
        var socket = NetfilterSocket(script)
        let error = #expect(throws: NetlinkError.self) { try socket.apply(ReplyMarks.removal(.ipv4)) }
        #expect(error?.code == row.code)
        #expect(error?.description == row.text)
        guard row.code != .timedOut else { return }
        try socket.apply(ReplyMarks.removal(.ipv4))
        #expect(script.remaining == 0)
    }

    @Test
    func tellsAKernelWithoutTablesFromATableThatIsNotThere() throws {
        let script = ScriptedTransport([
            .datagram(Self.answer("01000000", errno: "feffffff")),
            .datagram(Self.answer("02000000", errno: "eaffffff")),
        ])
        var socket = NetfilterSocket(script)
        #expect(try socket.isActive(ReplyMarks.table(.ipv6)) == nil)
        let error = #expect(throws: NetlinkError.self) { _ = try socket.isActive(ReplyMarks.table(.ipv6)) }
        #expect(error?.code == .notSupported)
        #expect(error?.detail == "this kernel has no nftables")
        #expect(
            script.requests.first
                == hex(
                    """
                    24000000 010a 0100 01000000 00000000  ; nlmsghdr: 36, NFT_MSG_GETTABLE, REQUEST
                    0a 00 0000                            ; nfgenmsg: NFPROTO_IPV6
                    0f00 0100 737069646572706f6f6c00 00   ; NFTA_TABLE_NAME "spiderpool"
                    """))
    }
}
