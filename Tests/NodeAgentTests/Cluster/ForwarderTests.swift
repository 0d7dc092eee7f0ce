import TestSupport
import Testing

/// The way to a server on which tests delay and cut.
@Suite struct ForwarderTests {
    @Test func whatGoesThroughComesOut() async throws {
        let plane = try await ControlPlane.shared
        let way = try await Forwarder.start(to: plane.server)
        let result = try await Command([
            "curl", "-sv", "--max-time", "5", "--cacert", plane.caPath, "-H", "Authorization: Bearer \(plane.token)",
            "\(way.server)/readyz",
        ]).run()
        #expect(result.output == "ok", "\(result.errors)")
        await way.stop()
    }
}
