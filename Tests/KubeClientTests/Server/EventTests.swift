import IPAMCore
import KubeClient
import TestSupport
import Testing

@Suite struct EventTests {
    @Test func equalEventsAreCounted() async throws {
        try await Server.withClient(ControlPlane.shared) { client in
            let namespace = try await Server.namespace(client)
            let recorder = EventRecorder(client, component: "spiderpool-agent", host: "n1")
            let running = Task { await recorder.run() }
            defer { running.cancel() }
            let about = ObjectReference(apiVersion: "v1", kind: "Pod", namespace: namespace, name: "web-0", uid: "u-1")
            func say(_ message: String) {
                recorder.record(
                    .warning, reason: "AllocationFailed", message: message, about: about, action: "Allocating")
            }
            for _ in 0..<5 { say("all IP addresses used out") }
            say("another")
            let events = client.resource(KubeEvent.self, namespace: namespace)
            func counts() async throws -> [String: Int64] {
                let list = try await events.list(ListQuery(fields: "involvedObject.name=web-0"))
                return Dictionary(list.items.map { ($0.message, $0.count) }) { $0 + $1 }
            }
            try await eventually("both are there") {
                try await counts() == ["all IP addresses used out": 5, "another": 1]
            }
            say("all IP addresses used out")
            try await eventually("it is counted") {
                try await counts() == ["all IP addresses used out": 6, "another": 1]
            }
            let list = try await events.list(ListQuery(fields: "involvedObject.name=web-0"))
            #expect(list.items.count == 2)
            #expect(
                list.items.allSatisfy {
                    $0.severity == .warning && $0.component == "spiderpool-agent" && $0.about.uid == "u-1"
                })
        }
    }

    @Test func whatIsTooMuchIsForgotten() async throws {
        try await Server.withClient(ControlPlane.shared) { client in
            let recorder = EventRecorder(client, component: "c", host: "h", limit: 10)
            for number in 0..<15 {
                recorder.record(
                    .normal, reason: "R", message: "\(number)",
                    about: ObjectReference(apiVersion: "v1", kind: "Node", name: "n"))
            }
            #expect(recorder.dropped == 5)
        }
    }
}
