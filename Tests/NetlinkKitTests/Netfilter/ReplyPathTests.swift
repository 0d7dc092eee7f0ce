import IPAMCore
import NetlinkKit
import Testing

/// The marks with real packets.
@Suite
struct ReplyPathTests {
    @Test(arguments: Conversation.allCases, [AddressFamily.ipv4, .ipv6])
    func answersLeaveByTheWayTheQuestionCame(kind: Conversation, family: AddressFamily) throws {
        let network = try ReplyPathNetwork()
        let addresses = try ReplyPathNetwork.Addresses(family)
        // Without the marks the answers go to the router, which has no way to the client.
        #expect(
            try !network.converses(
                kind, from: "node", addresses.client, to: addresses.pod, waitingMilliseconds: 300))
        var filter = try network.namespace("pod").perform { () throws(NetlinkError) in try NetfilterSocket() }
        try filter.install(ReplyMarksKernelTests.marks(), [family])
        #expect(
            try network.converses(
                kind, from: "node", addresses.client, to: addresses.pod, waitingMilliseconds: 10_000))
        // Questions that came by the other link are still answered by that one.
        #expect(
            try network.converses(
                kind, from: "router", addresses.router, to: addresses.pod, waitingMilliseconds: 10_000))
        try filter.apply(ReplyMarks.removal(family))
        #expect(
            try !network.converses(
                kind, from: "node", addresses.client, to: addresses.pod, waitingMilliseconds: 300))
    }

    @Test(arguments: [AddressFamily.ipv4, .ipv6])
    func theMarkOfASocketStays(family: AddressFamily) throws {
        let network = try ReplyPathNetwork()
        let addresses = try ReplyPathNetwork.Addresses(family)
        var filter = try network.namespace("pod").perform { () throws(NetlinkError) in try NetfilterSocket() }
        try filter.install(ReplyMarksKernelTests.marks(), [family])
        let word = NetfilterFamily(family)
        try network.run(
            "pod",
            """
            nft 'table \(word) count {
                counter of-socket { }
                counter of-answers { }
                counter without { }
                chain output { type filter hook output priority 0; meta l4proto udp jump kinds; }
                chain kinds {
                    meta mark 0x539 counter name of-socket; meta mark 1 counter name of-answers
                    meta mark 0 counter name without
                }
            }'
            """)
        func counted() throws -> [String] {
            let text = try network.run("pod", "nft list counters table \(word) count")
            return text.split(separator: "\n").filter { $0.contains("packets") }.compactMap {
                $0.split(separator: " ").dropFirst().first.map(String.init)
            }
        }

        // A socket that marks its packets, and one that does not.
        let marked = try network.socket("pod", .udp, family)
        try marked.mark(0x539)
        try marked.send(to: addresses.router, port: 9)
        let unmarked = try network.socket("pod", .udp, family)
        try unmarked.send(to: addresses.router, port: 9)
        #expect(try counted() == ["1", "0", "1"])

        // An answer on a connection that came in by veth0: marked unless the socket does it.
        #expect(
            try network.converses(
                .udp, from: "node", addresses.client, to: addresses.pod, waitingMilliseconds: 10_000))
        #expect(try counted() == ["1", "1", "1"])
        let server = try network.socket("pod", .udp, family)
        try server.bind(to: addresses.pod)
        try server.mark(0x539)
        let client = try network.socket("node", .udp, family)
        try client.bind(to: addresses.client)
        #expect(try !client.asks(server, at: addresses.pod, waitingMilliseconds: 300))
        #expect(try counted() == ["2", "1", "1"])
    }
}
