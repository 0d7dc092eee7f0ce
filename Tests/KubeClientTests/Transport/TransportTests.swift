import IPAMCore
import JSONTree
import Logging
import TestSupport
import Testing

@testable import KubeClient

@Suite struct TransportTests {
    private static let pod =
        #"{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a","namespace":"n","resourceVersion":"1"}}"#

    /// Runs a body with a client of a peer.
    private func withClient(
        of peer: Peer, _ change: (inout KubeConfiguration, inout KubeClientOptions) -> Void = { _, _ in },
        _ body: (KubeClient) async throws -> Void
    ) async throws {
        var configuration = KubeConfiguration(
            server: ServerAddress(isSecure: false, host: "127.0.0.1", port: peer.port))
        var options = KubeClientOptions()
        options.spareConnections = 0
        change(&configuration, &options)
        let client = try KubeClient(configuration, options: options, logger: Logger(label: "test"))
        do {
            try await body(client)
        } catch {
            peer.stop()
            await client.shutdown()
            throw error
        }
        peer.stop()
        await client.shutdown()
    }

    private func error(_ body: () async throws(KubeError) -> some Sendable) async throws -> KubeError {
        do throws(KubeError) {
            _ = try await body()
        } catch {
            return error
        }
        throw Surprise()
    }

    private struct Surprise: Error {}

    @Test func nobodyListens() async throws {
        let peer = try Peer { _, _ in .close }
        peer.stop()
        try await withClient(of: peer) { client in
            let pods = client.resource(Pod.self, namespace: "n")
            let error = try await error { () async throws(KubeError) in
                try await pods.patch("a", .json([.remove("/x")]), deadline: .now + .seconds(20))
            }
            #expect(error.code == .unreachable)
            #expect(error.isTransient)
            #expect(!error.mayHaveBeenApplied)
            #expect(error.description.contains("127.0.0.1:\(peer.port)"))
        }
    }

    @Test func aPeerThatSaysNothing() async throws {
        let peer = try Peer { _, _ in .silence }
        try await withClient(of: peer) { client in
            let pods = client.resource(Pod.self, namespace: "n")
            let write = try await error { () async throws(KubeError) in
                try await pods.patch("a", .merge([:]), deadline: .now + .milliseconds(200))
            }
            #expect(write.code == .timeout)
            #expect(write.mayHaveBeenApplied)
            let read = try await error { () async throws(KubeError) in
                try await pods.get("a", deadline: .now + .milliseconds(200))
            }
            #expect(read.code == .timeout)
            #expect(!read.mayHaveBeenApplied)
        }
    }

    @Test func aPeerThatStopsWithinTheBody() async throws {
        let peer = try Peer { _, _ in
            var answer = Peer.Answer.reply(200, Self.pod)
            answer.pieces = [answer.pieces[0].dropLast(10)].map(Array.init)
            answer.ending = .silence
            return answer
        }
        try await withClient(of: peer) { client in
            let error = try await error { () async throws(KubeError) in
                try await client.resource(Pod.self, namespace: "n").get("a", deadline: .now + .milliseconds(300))
            }
            #expect(error.code == .timeout)
        }
    }

    @Test func aConnectionThatClosesIsReplacedForReadsOnly() async throws {
        let peer = try Peer { _, number in number == 0 ? .close : .reply(200, Self.pod) }
        try await withClient(of: peer) { client in
            let pod = try await client.resource(Pod.self, namespace: "n").get("a")
            #expect(pod.metadata.name == "a")
            #expect(peer.requests.count == 2)
        }
        let other = try Peer { _, number in number == 0 ? .close : .reply(200, Self.pod) }
        try await withClient(of: other) { client in
            let error = try await error { () async throws(KubeError) in
                try await client.resource(Pod.self, namespace: "n").patch("a", .merge([:]))
            }
            #expect(error.code == .unreachable)
            #expect(error.mayHaveBeenApplied)
            #expect(other.requests.count == 1)
        }
    }

    @Test func redirectsAreNotFollowed() async throws {
        let elsewhere = try Peer { _, _ in .reply(200, Self.pod) }
        let peer = try Peer { _, _ in
            .reply(302, "", headers: ["Location: http://127.0.0.1:\(elsewhere.port)/api/v1/namespaces/n/pods/a"])
        }
        try await withClient(of: peer) { configuration, _ in
            configuration.bearer = .token(Secret("s3cret"))
        } _: { client in
            let error = try await error { () async throws(KubeError) in
                try await client.resource(Pod.self, namespace: "n").get("a")
            }
            #expect(error.code == .refused)
            #expect(elsewhere.requests.isEmpty)
        }
        elsewhere.stop()
    }

    @Test func answersThatAreNone() async throws {
        let bodies = ["", "<html>", "[]", #"{"metadata":{"name":5}}"#, #"{"kind":"Pod"}"#]
        let peer = try Peer { _, number in .reply(200, bodies[number]) }
        try await withClient(of: peer) { client in
            for _ in bodies {
                let error = try await error { () async throws(KubeError) in
                    try await client.resource(Pod.self, namespace: "n").get("a")
                }
                #expect(error.code == .malformed)
            }
        }
    }

    @Test func anAnswerThatIsTooLarge() async throws {
        let peer = try Peer { _, _ in .reply(200, String(repeating: " ", count: 5000)) }
        try await withClient(of: peer) { _, options in
            options.maximumBodyBytes = 4000
        } _: { client in
            let error = try await error { () async throws(KubeError) in
                try await client.resource(Pod.self, namespace: "n").get("a")
            }
            #expect(error.code == .malformed)
            #expect(error.description.contains("4000"))
        }
    }

    @Test func aServerThatAsksToWait() async throws {
        let peer = try Peer { _, number in
            number == 0 ? .reply(429, "", headers: ["Retry-After: 1"]) : .reply(200, Self.pod)
        }
        try await withClient(of: peer) { client in
            _ = try await client.resource(Pod.self, namespace: "n").create(try Pod(json: JSONValue(parsing: Self.pod)))
            #expect(peer.requests.count == 2)
            #expect(peer.requests.allSatisfy { $0.hasPrefix("POST /api/v1/namespaces/n/pods HTTP/1.1\r\n") })
        }
    }

    @Test func aCancelledRequest() async throws {
        let peer = try Peer { _, _ in .silence }
        try await withClient(of: peer) { client in
            let task = Task { () -> KubeError.Code? in
                do throws(KubeError) {
                    _ = try await client.resource(Pod.self, namespace: "n").get("a")
                    return nil
                } catch {
                    return error.code
                }
            }
            try await eventually("the request has come") { !peer.requests.isEmpty }
            task.cancel()
            #expect(await task.value == .cancelled)
        }
    }

    @Test func aTokenFileIsReadAgain() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("token", "first\n")
        let peer = try Peer { _, _ in .reply(200, Self.pod) }
        try await withClient(of: peer) { configuration, _ in
            configuration.bearer = .file(file)
        } _: { client in
            let pods = client.resource(Pod.self, namespace: "n")
            _ = try await pods.get("a")
            try folder.write("token", "second\n")
            _ = try await pods.get("a")
            #expect(peer.requests[0].contains("Authorization: Bearer first\r\n"))
            #expect(peer.requests[1].contains("Authorization: Bearer second\r\n"))
        }
    }

    @Test func namesThatWouldLeaveTheirPlace() async throws {
        let peer = try Peer { _, _ in .reply(200, Self.pod) }
        try await withClient(of: peer) { client in
            for name in ["", ".", "..", "a/b"] {
                let error = try await error { () async throws(KubeError) in
                    try await client.resource(Pod.self, namespace: "n").get(name)
                }
                #expect(error.code == .badRequest)
            }
            let error = try await error { () async throws(KubeError) in try await client.resource(Pod.self).get("a") }
            #expect(error.code == .badRequest)
            #expect(peer.requests.isEmpty)
        }
    }
}
