import Testing

@testable import NetlinkKit

/// Requests and answers as bytes, against rdma/rdma_netlink.h.
@Suite
struct RDMASocketTests {
    @Test
    func listsDevicesWithTheLinkOfEachPort() throws {
        let devices = hex(
            """
            24000000 0114 0200 00000000 00000000  ; nlmsghdr: 36, RDMA_NL_NLDEV << 10 | RDMA_NLDEV_CMD_GET, NLM_F_MULTI
            0800 0100 05000000                    ; RDMA_NLDEV_ATTR_DEV_INDEX 5
            0900 0200 72786530 00 000000          ; RDMA_NLDEV_ATTR_DEV_NAME "rxe0"
            14000000 0300 0200 00000000 00000000  ; nlmsghdr: 20, NLMSG_DONE
            00000000
            """)
        let ports = hex(
            """
            38000000 0514 0200 00000000 00000000  ; nlmsghdr: 56, RDMA_NLDEV_CMD_PORT_GET, NLM_F_MULTI
            0800 0100 05000000                    ; RDMA_NLDEV_ATTR_DEV_INDEX 5
            0800 0300 01000000                    ; RDMA_NLDEV_ATTR_PORT_INDEX 1
            0800 3200 09000000                    ; RDMA_NLDEV_ATTR_NDEV_INDEX 9
            0700 3300 643000 00                   ; RDMA_NLDEV_ATTR_NDEV_NAME "d0"
            08000100 00000000                     ; (something else)
            20000000 0514 0200 00000000 00000000  ; nlmsghdr: 32, RDMA_NLDEV_CMD_PORT_GET, NLM_F_MULTI
            0800 0100 05000000                    ; RDMA_NLDEV_ATTR_DEV_INDEX 5
            0800 0300 02000000                    ; RDMA_NLDEV_ATTR_PORT_INDEX 2
            14000000 0300 0200 00000000 00000000  ; nlmsghdr: 20, NLMSG_DONE
            00000000
            """)
        let script = ScriptedTransport([.datagram(devices), .datagram(ports)])
        var socket = RDMASocket(script)
        let read = try socket.devices()
        #expect(read.map(\.name) == ["rxe0"])
        #expect(read.first?.index == 5)
        let link = LinkIndex(rawValue: 9)
        #expect(read.first?.ports.map(\.number) == [1, 2])
        #expect(read.first?.ports.map(\.link) == [link, nil])
        #expect(read.first?.ports.map(\.linkName) == ["d0", nil])
        #expect(
            script.requests
                == [
                    hex("10000000 0114 0103 01000000 00000000  ; nlmsghdr: 16, RDMA_NLDEV_CMD_GET, REQUEST DUMP"),
                    hex(
                        """
                        18000000 0514 0103 02000000 00000000  ; nlmsghdr: 24, RDMA_NLDEV_CMD_PORT_GET, REQUEST DUMP
                        0800 0100 05000000                    ; RDMA_NLDEV_ATTR_DEV_INDEX 5
                        """),
                ])
    }
}
