import CNITypes
import IPAMCore
import Testing

@testable import IPAMPlugin

/// What follows from what was found on the wire, as values.
@Suite struct AddressDetectionTests {
    typealias Candidate = AddressDetection.Candidate

    static let user = AddressUser(mac: MACAddress(0x0a, 0, 0, 0, 0, 0x01))

    static func candidate(
        _ address: String, gateway: String? = nil, _ settings: DetectionSettings = all
    ) throws -> Candidate {
        Candidate(
            address: try IPAddress(parsing: address), gateway: try gateway.map { try IPAddress(parsing: $0) },
            settings: settings)
    }

    static func both(_ settings: DetectionSettings = all) throws -> [Candidate] {
        [try candidate("10.0.0.1", gateway: "10.0.0.254", settings), try candidate("fd00::1", settings)]
    }

    static let all = DetectionSettings(findsConflicts: true, asksGateways: true)

    @Test func whatIsOnIsAsked() throws {
        func asked(_ settings: DetectionSettings) throws -> [String] {
            AddressDetection(interface: "eth0").targets(for: try Self.both(settings)).map { target in
                "\(target.address) \(target.findsConflict) \(target.gateway?.description ?? "-")"
            }
        }
        #expect(try asked(DetectionSettings()) == [])
        #expect(try asked(DetectionSettings(findsConflicts: true)) == ["10.0.0.1 true -", "fd00::1 true -"])
        #expect(try asked(DetectionSettings(asksGateways: true)) == ["10.0.0.1 false 10.0.0.254"])
        #expect(try asked(Self.all) == ["10.0.0.1 true 10.0.0.254", "fd00::1 true -"])
    }

    @Test func onlyWhatIsNewIsAskedAgain() throws {
        var detection = AddressDetection(interface: "eth0")
        let both = try Self.both()
        let step = detection.judge([.used(Self.user), .free], on: detection.targets(for: both))
        #expect(step == .replace)
        #expect(detection.conflicts.map(\.address.description) == ["10.0.0.1"])
        #expect(detection.user(of: both[0].address) == Self.user)
        #expect(detection.user(of: both[1].address) == nil)
        let next = [try Self.candidate("10.0.0.2", gateway: "10.0.0.254"), both[1]]
        let targets = detection.targets(for: next)
        #expect(targets.map(\.address.description) == ["10.0.0.2"])
        #expect(detection.judge([.free], on: targets) == .accept)
        #expect(detection.targets(for: next).isEmpty)
    }

    @Test func aConflictOfAKeptAddressIsTheEnd() throws {
        var detection = AddressDetection(interface: "net1")
        let both = try Self.both()
        detection.kept = [both[0].address]
        let step = detection.judge([.used(Self.user), .used(Self.user)], on: detection.targets(for: both))
        guard case .refuse(let error) = step else { return #expect(Bool(false), "\(step)") }
        #expect(error.code == .addressConflict)
        let text = "ip conflict: pod's interface net1 with an conflicting ip 10.0.0.1, 10.0.0.1 is located at "
        #expect(error.message == text + "0a:00:00:00:00:01")
        #expect(detection.temporary(among: both).map(\.description) == ["fd00::1"])
    }

    @Test func aSilentGatewayIsTheEndAlsoBesideAConflict() throws {
        var detection = AddressDetection(interface: "eth0")
        let both = [try Self.candidate("10.0.0.1", gateway: "10.0.0.254"), try Self.candidate("fd00::1")]
        let step = detection.judge([.unreachable, .used(Self.user)], on: detection.targets(for: both))
        guard case .refuse(let error) = step else { return #expect(Bool(false), "\(step)") }
        #expect(error.code == .gatewayUnreachable)
        #expect(error.message == "gateway 10.0.0.254 is unreachable")
        #expect(detection.temporary(among: both).count == 2)
        #expect(detection.conflicts.map(\.address.description) == ["fd00::1"])
    }

    @Test func whatTheLinkHasIsNeverGivenUp() throws {
        var detection = AddressDetection(interface: "eth0")
        let both = try Self.both()
        #expect(detection.judge([.configured, .used(Self.user)], on: detection.targets(for: both)) == .replace)
        #expect(detection.temporary(among: both).map(\.description) == ["fd00::1"])
    }

    @Test func anErrorNamesTheConflictsThatLedToIt() throws {
        var detection = AddressDetection(interface: "eth0")
        let error = CNIError(.noFreeAddress, "all IP addresses used out")
        #expect(detection.explained(error) == error)
        for number in 1...20 {
            let candidates = [try Self.candidate("10.0.0.\(number)")]
            #expect(detection.judge([.used(Self.user)], on: detection.targets(for: candidates)) == .replace)
        }
        let explained = detection.explained(error)
        #expect(explained.code == .addressConflict)
        #expect(explained.message.contains("10.0.0.8 is located at 0a:00:00:00:00:01; and 12 more"))
        #expect(explained.details == "all IP addresses used out")
    }

    @Test func anAddressOfTheNodeIsNamedAsSuch() {
        let user = AddressUser(mac: MACAddress(0x0a, 0, 0, 0, 0, 2), nodeLink: "uplink")
        #expect("\(user)" == "0a:00:00:00:00:02 (uplink of this node)")
    }
}
