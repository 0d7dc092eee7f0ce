import IPAMCore
import NetlinkKit
import SystemPackage
import Testing

/// Features and drivers of links of the running kernel, each test in a namespace of its own; needs root.
@Suite
struct LinkFeatureTests {
    @Test
    func switchesChecksumsOfAVethPairOffAndOn() throws {
        try inOwnNamespace {
            var lab = try LinkLaboratory()
            let link = try lab.add("v0", .veth(.init(try LinkLaboratory.name("v1")))).index
            let peer = try lab.link("v1").index
            var devices = try GenericSocket()
            let before = try devices.features(of: link)
            #expect(before.active.contains(.transmitChecksum))
            #expect(before.changeable.contains(.transmitChecksum))
            let off = try devices.update(link, [.transmitChecksum: false])
            #expect(!off.active.contains(.transmitChecksum))
            // What cannot do without checksums went off too, and the other end is as it was.
            #expect(!off.active.contains(.tcpSegmentation))
            #expect(try devices.features(of: peer).active.contains(.transmitChecksum))
            #expect(try devices.update(link, [.transmitChecksum: true]) == before)
        }
    }

    @Test
    func refusesWhatALinkCannotDo() throws {
        try inOwnNamespace {
            var lab = try LinkLaboratory()
            let bridge = try lab.add("br0", .bridge).index
            var devices = try GenericSocket()
            func refusal(_ features: [LinkFeature: Bool]) throws -> NetlinkError {
                try #require(throws: NetlinkError.self) { try devices.update(bridge, features) }
            }
            #expect(try refusal([LinkFeature(rawValue: "rx-vlan-hw-parse"): true]).code == .notSupported)
            let unknown = try refusal([LinkFeature(rawValue: "no-such-feature"): true])
            #expect(unknown.errno == .notSupported || unknown.code == .invalid, "\(unknown)")
            #expect(!unknown.detail.isEmpty)
            let missing = try #require(LinkIndex(rawValue: 4711))
            let error = #expect(throws: NetlinkError.self) { try devices.features(of: missing) }
            #expect(error?.code == .notFound)
        }
    }

    @Test
    func tellsTheDriver() throws {
        var outside = try GenericSocket()
        try inOwnNamespace {
            var lab = try LinkLaboratory()
            let name = try LinkLaboratory.name("nk-driver")
            try lab.add("nk-driver", .veth(.init(try LinkLaboratory.name("v1"))))
            var devices = try GenericSocket()
            let driver = try devices.driver(of: name)
            #expect(driver.name == "veth")
            #expect(driver.busAddress == "")
            // A socket sees its own namespace, whatever the thread's is.
            let error = #expect(throws: NetlinkError.self) { try outside.driver(of: name) }
            #expect(error?.code == .notFound)
            #expect(error?.operation == "driver of link nk-driver")
        }
    }
}
