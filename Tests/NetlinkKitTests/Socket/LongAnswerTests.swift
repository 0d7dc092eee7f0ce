import CNetlink
import IPAMCore
import SystemPackage
import Testing

@testable import NetlinkKit

/// Answers that are longer than the room for them.
@Suite
struct LongAnswerTests {
    typealias Lab = LinkLaboratory

    /// Links in one datagram of at least so many bytes.
    static func links(_ count: Int) -> [UInt8] {
        (0..<count / 40 + 1).flatMap { _ in NetlinkSocketTests.link(1) }
    }

    /// A link that is the only answer, with bytes of an attribute that nobody reads.
    static func link(padding: Int) -> [UInt8] {
        var message = NetlinkSocketTests.link(1, flags: "0000")
        for start in stride(from: 0, to: padding, by: 32 << 10) {
            let length = min(32 << 10, padding - start) + 4
            message += [UInt8(length & 0xff), UInt8(length >> 8), 0xff, 0x03]
            message += [UInt8](repeating: 0, count: length - 4)
        }
        for place in 0..<4 { message[place] = UInt8(truncatingIfNeeded: message.count >> (8 * place)) }
        return message
    }

    @Test
    func aDumpIsRepeatedWithMoreRoomAndNothingIsMixed() throws {
        let transport = ScriptedTransport([
            .datagram(NetlinkSocketTests.link(7)), .datagram(Self.links(40_000)), .datagram(NetlinkSocketTests.done()),
            .failure(.resourceTemporarilyUnavailable),
            .datagram(Self.links(40_000)), .datagram(NetlinkSocketTests.done()),
        ])
        var socket = RouteSocket(transport)
        let links = try socket.links()
        #expect(links.count == 1001)
        #expect(links.allSatisfy { $0.index.rawValue == 1 })
        #expect(transport.requests.count == 2)
    }

    @Test
    func theRoomGrowsForThePartsThatWereNotWantedAnyMore() throws {
        let transport = ScriptedTransport([
            .datagram(Self.links(40_000)), .datagram(Self.links(80_000)), .datagram(NetlinkSocketTests.done()),
            .failure(.resourceTemporarilyUnavailable),
            .datagram(Self.links(40_000)), .datagram(Self.links(80_000)), .datagram(NetlinkSocketTests.done()),
        ])
        var socket = RouteSocket(transport)
        #expect(try socket.links().count == 3002)
        #expect(transport.requests.count == 2)
    }

    @Test
    func anObjectIsAskedForAgain() throws {
        let long = Self.link(padding: 70_000)
        let transport = ScriptedTransport([.datagram(long), .datagram(long), .datagram(long)])
        var socket = RouteSocket(transport)
        #expect(try socket.link(named: Lab.name("lo")).index.rawValue == 1)
        #expect(transport.requests.count == 2)
        // The room stays.
        #expect(try socket.link(named: Lab.name("lo")).index.rawValue == 1)
        #expect(transport.requests.count == 3)
    }

    @Test
    func anObjectThatOutgrowsTheRoomEachTimeIsGivenUp() {
        let transport = ScriptedTransport((1..<20).map { .datagram(Self.link(padding: $0 * 40_000)) })
        let error = #expect(throws: NetlinkError.self) {
            var socket = RouteSocket(transport)
            _ = try socket.link(named: Lab.name("lo"))
        }
        #expect(error?.code == .interrupted)
        #expect(transport.requests.count == NetlinkSocket.attempts)
    }

    @Test
    func aChangeIsNeverAskedForAgain() throws {
        let transport = ScriptedTransport([.datagram(Self.link(padding: 40_000))])
        var socket = RouteSocket(transport)
        let link = try #require(LinkIndex(rawValue: 1))
        let error = #expect(throws: NetlinkError.self) { try socket.remove(link) }
        #expect(error?.description == "remove link 1: malformed: the answer is too long")
        #expect(transport.requests.count == 1)
    }

    @Test(arguments: [0, 1, 64, 1024, 4096])
    func theKernelsAnswersAreReadWithWhateverRoomThereIsAtFirst(room: Int) throws {
        try inOwnNamespace {
            var lab = try Lab()
            for number in 0..<20 { try lab.add("a\(number)", .veth(.init(try Lab.name("b\(number)")))) }
            var small = try RouteSocket()
            small.socket = NetlinkSocket(
                channel: .kernel(try KernelTransport(family: NETLINK_ROUTE, receiveBufferBytes: 1 << 20)), room: room)
            #expect(try small.link(named: try Lab.name("b19")) == lab.link("b19"))
            #expect(try small.links() == lab.socket.links())

            var watch = try Watch(.links, 1 << 20, room: room)
            _ = try watch.next(until: .now)
            let link = try lab.link("a0").index
            try lab.socket.update(link, LinkSettings(isUp: true))
            #expect(try watch.first(until: .now + .seconds(5)) { $0.index == link && $0.isUp } != nil)
        }
    }

    @Test
    func aLinkWithHundredsOfNamesIsReadWhole() throws {
        try inOwnNamespace {
            var lab = try Lab()
            let link = try lab.add("v0", .veth(.init(try Lab.name("v1"))))
            var watch = try Watch(.links)
            _ = try watch.next(until: .now)
            // 300 names of 127 characters are 40,000 bytes in one message.
            let names = (0..<300).map { number in
                let text = String(number)
                return text + String(repeating: "n", count: 127 - text.count)
            }
            try WatchTests.batch(names.map { "link property add dev v0 altname \($0)" } + ["link set v0 up mtu 1400"])

            var reader = try RouteSocket()
            #expect(try reader.links().map(\.name) == ["lo", "v1", "v0"])
            reader = try RouteSocket()
            let read = try reader.link(at: link.index)
            #expect(read.name == "v0")
            #expect(read.mtuBytes == 1400)
            #expect(read.details == link.details)
            #expect(read.kind == .veth)
            let seen = try watch.first(until: .now + .seconds(5)) { $0.index == link.index && $0.isUp }
            #expect(seen?.mtuBytes == 1400)
        }
    }
}
