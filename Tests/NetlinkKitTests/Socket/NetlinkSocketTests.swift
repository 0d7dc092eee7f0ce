import IPAMCore
import SystemPackage
import Testing

@testable import NetlinkKit

@Suite
struct NetlinkSocketTests {
    /// `NLMSG_ERROR` with number 0.
    static let acknowledgement = hex(
        """
        24000000 0200 0001 00000000 00000000  ; nlmsghdr: 36 bytes, NLMSG_ERROR, NLM_F_CAPPED
        00000000                              ; nlmsgerr: 0
        20000000 1300 0500 01000000 00000000  ; the header of the request
        """)

    /// `NLMSG_ERROR` with EINVAL and the kernel's words.
    static let refusal = hex(
        """
        30000000 0200 0003 00000000 00000000  ; nlmsghdr: 48 bytes, NLMSG_ERROR, NLM_F_CAPPED | NLM_F_ACK_TLVS
        eaffffff                              ; nlmsgerr: -22
        20000000 1300 0500 01000000 00000000  ; the header of the request
        0c00 0100 6261642056616c00            ; NLMSGERR_ATTR_MSG "bad Val"
        """)

    /// `RTM_NEWLINK` of `lo`, one of several.
    static func link(_ index: UInt8, flags: String = "0200") -> [UInt8] {
        hex(
            """
            28000000 1000 \(flags) 00000000 00000000  ; nlmsghdr: 40 bytes, RTM_NEWLINK, NLM_F_MULTI
            00 00 0403 0\(index)000000 49000100 00000000  ; ifinfomsg: ARPHRD_LOOPBACK, index, flags
            0700 0300 6c6f00 00                       ; IFLA_IFNAME "lo"
            """)
    }

    static func done(_ flags: String = "0200") -> [UInt8] {
        hex(
            """
            14000000 0300 \(flags) 00000000 00000000  ; nlmsghdr: 20 bytes, NLMSG_DONE, NLM_F_MULTI
            00000000                                  ; 0
            """)
    }

    func update(_ steps: [ScriptedTransport.Step]) -> Result<Void, NetlinkError> {
        var socket = RouteSocket(ScriptedTransport(steps))
        do throws(NetlinkError) {
            guard let loopback = LinkIndex(rawValue: 1) else { return .success(()) }
            return .success(try socket.update(loopback, LinkSettings(isUp: true)))
        } catch { return .failure(error) }
    }

    @Test
    func takesAnAcknowledgement() throws {
        try update([.datagram(Self.acknowledgement)]).get()
    }

    @Test
    func refusesWithTheKernelsWords() {
        let error = #expect(throws: NetlinkError.self) { try update([.datagram(Self.refusal)]).get() }
        #expect(error?.description == "update link 1: Invalid argument: bad Val")
        #expect(error?.code == .invalid)
    }

    @Test
    func namesTheAttributeThatWasRefused() throws {
        var batch = RouteBatch()
        batch.remove(try #require(LinkIndex(rawValue: 1)))
        batch.append("set the MTU", .setLink) { writer in
            writer.linkHeader(index: 1)
            writer.attribute(IFLA.name, "lo")
            writer.attribute(IFLA.mtu, UInt8(1))
        }
        // The name is at 32 and takes 8, of which one is padding.
        let words = try inOwnNamespace {
            var socket = try RouteSocket()
            return try socket.perform(batch).map { $0.error.detail }
        }
        #expect(words.count == 2)
        #expect(words.last?.hasSuffix("(attribute 4 at byte 40 of the request)") == true, "\(words)")
    }

    @Test(arguments: [0, 15, 16, 31, 48, 49, 1 << 31, -1 as Int32])
    func survivesAnyPlaceOfTheAttributeThatWasRefused(offset: Int32) {
        var refusal = hex(
            """
            2c000000 0200 0003 00000000 00000000  ; nlmsghdr: 44 bytes, NLMSG_ERROR, NLM_F_CAPPED | NLM_F_ACK_TLVS
            eaffffff                              ; nlmsgerr: -22
            20000000 1300 0500 01000000 00000000  ; the header of the request
            0800 0200                             ; NLMSGERR_ATTR_OFFS
            """)
        for shift in stride(from: 0, to: 32, by: 8) { refusal.append(UInt8(truncatingIfNeeded: offset >> shift)) }
        let error = #expect(throws: NetlinkError.self) { try update([.datagram(refusal)]).get() }
        #expect(error?.code == .invalid)
    }

    @Test
    func triesAgainWhenInterrupted() throws {
        try update([
            .sendFailure(.interrupted), .failure(.interrupted), .failure(.resourceTemporarilyUnavailable),
            .failure(.interrupted), .datagram(Self.acknowledgement),
        ]).get()
    }

    @Test
    func passesOverAnswersToEarlierRequests() throws {
        var late = Self.refusal
        late[8] = 77
        try update([.datagram(late), .datagram([]), .datagram(Self.acknowledgement)]).get()
    }

    struct Row {
        let steps: [ScriptedTransport.Step]
        let code: NetlinkError.Code
    }

    @Test(arguments: [
        Row(steps: [], code: .timedOut),
        Row(steps: [.failure(.noBufferSpace)], code: .system),
        Row(steps: [.sendFailure(.notPermitted)], code: .notPermitted),
        Row(steps: [.datagram([1, 2, 3])], code: .malformed),
        Row(steps: [.datagram(hex("ffffffff 0200 0000 00000000 00000000 00000000"))], code: .malformed),
        Row(steps: [.datagram(hex("0f000000 0200 0000 00000000 00000000 00000000"))], code: .malformed),
        Row(steps: [.datagram(hex("10000000 0200 0000 00000000 00000000"))], code: .malformed),
    ])
    func tellsWhatWentWrong(row: Row) {
        let error = #expect(throws: NetlinkError.self) { try update(row.steps).get() }
        #expect(error?.code == row.code)
        #expect(error?.operation == "update link 1")
    }

    @Test
    func readsAllPartsOfADump() throws {
        var socket = RouteSocket(
            ScriptedTransport([.datagram(Self.link(1) + Self.link(2)), .datagram(Self.link(3)), .datagram(Self.done())])
        )
        #expect(try socket.links().map(\.index.rawValue) == [1, 2, 3])
    }

    @Test(
        arguments: [
            // NLM_F_DUMP_INTR on an object, on the end, and EINTR in place of zero.
            [.datagram(link(7, flags: "1200")), .datagram(done())],
            [.datagram(link(7)), .datagram(done("1200"))],
            [.datagram(link(7)), .datagram(hex("14000000 0300 0200 00000000 00000000 fcffffff"))],
        ] as [[ScriptedTransport.Step]])
    func repeatsADumpAndMixesNothing(first: [ScriptedTransport.Step]) throws {
        let transport = ScriptedTransport(first + [.datagram(Self.link(1)), .datagram(Self.done())])
        var socket = RouteSocket(transport)
        #expect(try socket.links().map(\.index.rawValue) == [1])
        #expect(transport.requests.count == 2)
    }

    @Test
    func repeatsADumpThatDidNotFitIntoTheQueue() throws {
        let transport = ScriptedTransport([
            .datagram(Self.link(7)), .failure(.noBufferSpace), .datagram(Self.link(8)),
            .failure(.resourceTemporarilyUnavailable), .datagram(Self.link(1)), .datagram(Self.done()),
        ])
        var socket = RouteSocket(transport)
        #expect(try socket.links().map(\.index.rawValue) == [1])
        #expect(transport.requests.count == 2)
    }

    @Test
    func givesUpADumpThatIsAlwaysInterrupted() {
        let transport = ScriptedTransport(
            (0..<20).map { _ in .datagram(Self.link(7, flags: "1200") + Self.done("1200")) })
        let error = #expect(throws: NetlinkError.self) {
            var socket = RouteSocket(transport)
            _ = try socket.links()
        }
        #expect(error?.code == .interrupted)
        #expect(transport.requests.count == NetlinkSocket.attempts)
    }

    @Test
    func tellsWhichOfABatchWereRefused() throws {
        var second = Self.refusal
        second[8] = 2
        var first = Self.acknowledgement
        first[8] = 1
        var third = Self.acknowledgement
        third[8] = 3
        var socket = RouteSocket(ScriptedTransport([.datagram(first), .datagram(second), .datagram(third)]))
        var batch = RouteBatch()
        for index in Int32(1)...3 { if let link = LinkIndex(rawValue: index) { batch.remove(link) } }
        let failures = try socket.perform(batch)
        #expect(failures.map(\.index) == [1])
        #expect(failures.first?.error.operation == "remove link 2")
    }
}
