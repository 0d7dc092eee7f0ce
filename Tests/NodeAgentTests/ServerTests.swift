import AgentLink
import Foundation
import Glibc
import IPAMCore
import JSONTree
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import NodeAgent

@Suite struct ServerTests {
    static let attachment: JSONObject = [
        "containerID": "c0ffee", "ifName": "eth0", "netNamespace": "/ns", "podNamespace": "shop", "podName": "web-0",
        "podUID": "5b0e",
    ]

    @Test func everyPathLeadsToItsCall() async throws {
        let service = NotingService()
        try await AgentRun.with(service) { run in
            #expect(await run.ask(.get, "/v1/ipam/healthy") == "200 ")
            var add = Self.attachment
            add["defaultIPv4IPPool"] = ["a"]
            add["defaultIPv6IPPool"] = .null
            #expect(
                await run.ask(.post, "/v1/ipam/ip", .object(add))
                    == #"200 {"ips":[{"version":4,"address":"10.6.0.9/16","nic":"eth0","gateway":"10.6.0.1","#
                    + #""ipPool":"a","enableIPConflictDetection":true}]}"#)
            #expect(await run.ask(.delete, "/v1/ipam/ip", .object(Self.attachment)) == "200 ")
            var check = Self.attachment
            check["addresses"] = ["10.6.0.9"]
            #expect(await run.ask(.get, "/v1/ipam/ip", .object(check)) == #"200 {"ips":[],"foreign":["10.6.0.9"]}"#)
            #expect(await run.ask(.post, "/v1/ipam/ips") == "200 ")
            var conflict = Self.attachment
            conflict["conflicts"] = [["address": "10.6.0.9", "mac": "0a:00:00:00:00:01"]]
            #expect(await run.ask(.delete, "/v1/ipam/ips", .object(conflict)) == "200 ")
            let garbage: JSONValue = ["network": "rack", "validAttachments": [["containerID": "a", "ifName": "b"]]]
            #expect(await run.ask(.post, "/v1/ipam/gc", garbage) == #"200 {"released":[]}"#)
            #expect(
                await run.ask(.get, "/v1/workloadendpoint?podNamespace=shop&podName=web%2D0")
                    == #"200 {"podName":"web-0"}"#)
            #expect(
                await run.ask(.get, "/v1/coordinator/config", ["podName": "web-0", "podNamespace": "shop"])
                    .hasPrefix(#"200 {"mode":"auto","overlayPodCIDR":[],"serviceCIDR":[],"tunePodRoutes":true"#))
        }
        #expect(
            service.calls.withLock { $0 } == [
                "allocate shop/web-0 eth0", "release shop/web-0 5b0e", "check [10.6.0.9]",
                "give up eth0 [\"10.6.0.9 0a:00:00:00:00:01\"]", "garbage rack 1", "endpoint shop/web-0",
                "config shop/web-0",
            ])
    }

    @Test func refusalsGoToTheCallerAsTheyAre() async throws {
        let service = NotingService(refusal: .statefulReleaseForbidden("it keeps 10.6.0.9"))
        try await AgentRun.with(service) { run in
            #expect(
                await run.ask(.delete, "/v1/ipam/ips", .object(Self.attachment)) == #"522 "it keeps 10.6.0.9""#)
        }
    }

    struct Flaw: Sendable, CustomTestStringConvertible {
        let method: AgentLink.Method
        let target: String
        let key: String
        let value: JSONValue?
        let reply: String
        var testDescription: String { "\(method.rawValue) \(target) \(key) \(value?.text() ?? "absent")" }

        init(_ method: AgentLink.Method, _ target: String, _ key: String, _ value: JSONValue?, _ reply: String) {
            self.method = method
            self.target = target
            self.key = key
            self.value = value
            self.reply = reply
        }
    }

    static let flaws: [Flaw] = {
        var flaws: [Flaw] = []
        let calls: [(AgentLink.Method, String, [String])] = [
            (.post, "/v1/ipam/ip", attachment.keys),
            (.get, "/v1/ipam/ip", attachment.keys.filter { $0 != "netNamespace" }),
            (.delete, "/v1/ipam/ip", attachment.keys.filter { $0 != "netNamespace" }),
            (.delete, "/v1/ipam/ips", attachment.keys.filter { !["netNamespace", "ifName"].contains($0) }),
        ]
        for (method, target, required) in calls {
            for key in required {
                let missing = #"422 {"code":602,"message":"\#(key) in body is required"}"#
                flaws.append(Flaw(method, target, key, nil, missing))
            }
            for key in attachment.keys {
                flaws.append(
                    Flaw(
                        method, target, key, 5,
                        #"422 {"code":601,"message":"\#(key) in body must be a string, got number 5"}"#))
            }
        }
        func flaw(_ method: AgentLink.Method, _ target: String, _ key: String, _ value: JSONValue, _ words: String) {
            flaws.append(Flaw(method, target, key, value, #"422 {"code":601,"message":"\#(words)"}"#))
        }
        flaw(
            .post, "/v1/ipam/ip", "defaultIPv4IPPool", "a",
            #"defaultIPv4IPPool in body must be an array, got string \"a\""#)
        flaw(
            .post, "/v1/ipam/ip", "defaultIPv6IPPool", ["a", 1],
            "defaultIPv6IPPool[1] in body must be a string, got number 1")
        flaw(.post, "/v1/ipam/ip", "cleanGateway", 1, "cleanGateway in body must be true or false, got number 1")
        flaw(
            .post, "/v1/ipam/ip", "matchMasterSubnet", 1,
            "matchMasterSubnet in body must be true or false, got number 1")
        flaw(.get, "/v1/ipam/ip", "addresses", ["x"], #"addresses[0] in body must be an IP address, got string \"x\""#)
        flaw(
            .delete, "/v1/ipam/ips", "isReleaseConflictIPs", "yes",
            #"isReleaseConflictIPs in body must be true or false, got string \"yes\""#)
        flaw(
            .delete, "/v1/ipam/ips", "conflicts", [["address": "10.0.0.1", "mac": "x"]],
            #"conflicts[0].mac in body must be a MAC address, got string \"x\""#)
        return flaws
    }()

    @Test func everyFieldIsCheckedAndNamed() async throws {
        let service = NotingService()
        try await AgentRun.with(service) { run in
            for flaw in Self.flaws {
                var body = Self.attachment
                body[flaw.key] = flaw.value
                #expect(await run.ask(flaw.method, flaw.target, .object(body)) == flaw.reply, "\(flaw.testDescription)")
            }
            #expect(
                await run.ask(.post, "/v1/ipam/gc", ["network": "rack"])
                    == #"422 {"code":602,"message":"validAttachments in body is required"}"#)
            #expect(
                await run.ask(.get, "/v1/workloadendpoint?podNamespace=shop")
                    == #"400 {"code":602,"message":"podName in query is required"}"#)
        }
        #expect(service.calls.withLock { $0 } == [])
    }

    struct Raw: Sendable {
        let request: String
        let status: String
        let words: String
    }

    static func post(_ body: String, _ headers: String = "") -> String {
        "POST /v1/ipam/ip HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\(headers)Connection: close\r\n\r\n\(body)"
    }

    @Test(arguments: [
        Raw(request: post("{"), status: "400 Bad Request", words: "parsing body failed"),
        Raw(request: post("[]"), status: "422 Unprocessable Entity", words: "body must be an object, got array"),
        Raw(
            request: post("{}", "X-Request-Timeout-Ms: soon\r\n"), status: "400 Bad Request",
            words: "X-Request-Timeout-Ms"),
        Raw(
            request: post("{}", "X-Request-Timeout-Ms: -1\r\n"), status: "400 Bad Request",
            words: "X-Request-Timeout-Ms"),
        Raw(request: post(String(repeating: " ", count: 2 << 20)), status: "413", words: "larger than 1048576 bytes"),
        Raw(
            request: "GET /v1/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", status: "404 Not Found",
            words: "/v1/x"),
        Raw(
            request: "PUT /v1/ipam/ip HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", status: "405",
            words: "but [POST,DELETE,GET] are"),
        Raw(
            request: "GET /v1/runtime/startup HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", status: "501",
            words: "health port"),
        Raw(request: "GET /v1/%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", status: "400", words: "%"),
        Raw(request: "nonsense\r\n\r\n", status: "400 Bad Request", words: "HTTP"),
    ])
    func nonsenseIsRefused(raw: Raw) async throws {
        let service = NotingService()
        try await AgentRun.with(service) { run in
            let reply = await run.send(raw.request)
            #expect(reply.hasPrefix("HTTP/1.1 \(raw.status)"), "\(reply)")
            #expect(reply.contains(raw.words), "\(reply)")
            // Others are served as before.
            #expect(await run.ask(.get, "/v1/ipam/healthy") == "200 ")
        }
        #expect(service.calls.withLock { $0 } == [])
    }

    @Test func aConnectionServesOneRequestAfterTheOther() async throws {
        try await AgentRun.with(NotingService()) { run in
            let one = "GET /v1/ipam/healthy HTTP/1.1\r\nHost: a\r\n\r\n"
            let last = "GET /v1/ipam/healthy HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            let reply = await run.send(one + one + last)
            #expect(reply.components(separatedBy: "HTTP/1.1 200 OK").count == 4)
        }
    }

    @Test func theDeadlineIsPassedOn() async throws {
        let service = NotingService()
        try await AgentRun.with(service) { run in
            let before = MonotonicInstant.now
            _ = await run.ask(.post, "/v1/ipam/ip", .object(Self.attachment), seconds: 7)
            _ = await run.send(Self.post(JSONValue.object(Self.attachment).text()))
            _ = await run.send(
                Self.post(JSONValue.object(Self.attachment).text(), "X-Request-Timeout-Ms: 99999999999\r\n"))
            let limits = service.deadlines.withLock { $0 }.map { before.duration(to: $0) }
            #expect(limits.count == 3)
            #expect(limits[0] <= .seconds(7) + .seconds(30) && limits[0] >= .seconds(6))
            #expect(limits[1] >= HTTPRequest.usualTimeout - HTTPRequest.answerTime)
            #expect(limits[1] < HTTPRequest.usualTimeout + .seconds(60))
            #expect(limits[2] >= HTTPRequest.longestTimeout - HTTPRequest.answerTime)
        }
    }

    @Test func whatIsSaidAtTheDeadlineReachesTheCaller() async throws {
        let service = NotingService(waitsForDeadline: true, refusal: AgentRefusal("the pools are missing"))
        try await AgentRun.with(service) { run in
            let answer = await run.ask(.post, "/v1/ipam/ip", .object(Self.attachment), seconds: 6)
            #expect(answer.contains("the pools are missing"))
        }
    }

    @Test func aThousandAtOnceAreServed() async throws {
        let service = NotingService(isHolding: true)
        try await AgentRun.with(service) { run in
            let callers = try await AgentRun.onThread {
                (0..<1000).map { number in
                    var body = Self.attachment
                    body["podName"] = .string("web-\(number)")
                    return AgentRun.begin(Self.post(JSONValue.object(body).text()), at: run.path)
                }
            }.map { try #require($0) }
            // Nobody is answered before all have come.
            try await eventually("all have come", within: .seconds(90)) { service.held == 1000 }
            service.open()
            let replies = await AgentRun.onThread { callers.map(AgentRun.finish) }
            #expect(replies.allSatisfy { $0.hasPrefix("HTTP/1.1 200 ") })
        }
        #expect(Set(service.calls.withLock { $0 }).count == 1000)
    }

    @Test func moreThanTheLimitAreRefusedAtOnce() async throws {
        let service = NotingService(isHolding: true)
        try await AgentRun.with(service, { $0.requestLimit = 2 }) { run in
            let first = Task { await run.ask(.post, "/v1/ipam/ip", .object(Self.attachment)) }
            let second = Task { await run.ask(.post, "/v1/ipam/ip", .object(Self.attachment)) }
            try await eventually("both have come") { service.held == 2 }
            #expect(
                await run.ask(.post, "/v1/ipam/ip", .object(Self.attachment))
                    == #"503 "queue is full: 2 requests wait already""#)
            service.open()
            #expect(await first.value.hasPrefix("200"))
            #expect(await second.value.hasPrefix("200"))
            #expect(await run.ask(.post, "/v1/ipam/ip", .object(Self.attachment)).hasPrefix("200"))
        }
    }

    @Test func aCallerWhoLeavesIsNotWorkedFor() async throws {
        let service = NotingService(isHolding: true)
        try await AgentRun.with(service) { run in
            let descriptor = try #require(
                AgentRun.begin(Self.post(JSONValue.object(Self.attachment).text()), at: run.path))
            try await eventually("it has come") { service.held == 1 }
            close(descriptor)
            try await eventually("the work is given up") { service.cancelled.withLock { $0 } == 1 }
        }
    }

    @Test func shutdownAnswersWhatItHasAndAcceptsNobody() async throws {
        let service = NotingService(isHolding: true)
        try await AgentRun.with(service) { run in
            let idle = try #require(AgentRun.connect(to: run.path))
            defer { close(idle) }
            let pending = Task { await run.ask(.post, "/v1/ipam/ip", .object(Self.attachment)) }
            try await eventually("it has come") { service.held == 1 }
            await run.group.triggerGracefulShutdown()
            try await eventually("nobody listens") { AgentRun.connect(to: run.path).map { close($0) } == nil }
            service.open()
            #expect(await pending.value.hasPrefix("200"))
            // The socket stays: the plugin is told to try again later.
            #expect(access(run.path, F_OK) == 0)
            #expect(await run.ask(.get, "/v1/ipam/healthy").contains("nobody listens there"))
        }
    }

    @Test func whatDoesNotEndIsCutOff() async throws {
        let service = NotingService(isHolding: true)
        let pending = try await AgentRun.with(service, { $0.drainLimit = .milliseconds(50) }) { run in
            let pending = Task { await run.ask(.post, "/v1/ipam/ip", .object(Self.attachment)) }
            try await eventually("it has come") { service.held == 1 }
            return pending
        }
        let answer = await pending.value
        #expect(answer.contains("connection"), "\(answer)")
    }

    // MARK: The socket

    @Test func theSocketIsForItsUserAlone() async throws {
        try await AgentRun.with(NotingService()) { run in
            var status = stat()
            #expect(lstat(run.path, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600)
            // Where the mode was changed by mistake, the peer is looked at.
            #expect(chmod(run.path, 0o666) == 0)
            chmod(String(run.path.dropLast("/agent.sock".count)), 0o755)
            let text = try await Command([
                "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "curl", "-s", "-i", "--unix-socket",
                run.path,
                "http://agent/v1/ipam/healthy",
            ]).output()
            #expect(text.hasPrefix("HTTP/1.1 403"), "\(text)")
        }
    }

    @Test func aSecondAgentIsRefusedAndAStaleSocketReplaced() async throws {
        let service = NotingService()
        try await AgentRun.with(service) { run in
            await #expect(throws: AgentError.self) {
                try await AgentRun.with(NotingService(), { $0.socketPath = run.path }) { _ in }
            }
            #expect(await run.ask(.get, "/v1/ipam/healthy") == "200 ")
            let other = run.path + ".other"
            for _ in 0..<2 {
                try await AgentRun.with(NotingService(), { $0.socketPath = other }) { second in
                    #expect(await second.ask(.get, "/v1/ipam/healthy") == "200 ")
                }
                #expect(access(other, F_OK) == 0)
            }
            let file = run.path + ".file"
            close(open(file, O_CREAT | O_WRONLY, 0o600))
            await #expect(throws: AgentError.self) {
                try await AgentRun.with(NotingService(), { $0.socketPath = file }) { _ in }
            }
            #expect(access(file, F_OK) == 0)
        }
    }

    // MARK: Probes

    @Test func probesAreAnsweredOnThePort() async throws {
        func get(_ path: String, _ port: Int) async throws -> String {
            try await Command(["curl", "-s", "-w", " %{http_code}", "http://127.0.0.1:\(port)\(path)"]).output()
        }
        try await AgentRun.with(NotingService(refusal: AgentRefusal("pools are not read yet"))) { run in
            var answers: [String] = []
            for probe in ["startup", "liveness", "readiness"] {
                answers.append(try await get("/v1/runtime/\(probe)", run.port))
            }
            #expect(answers == [" 200", " 200", #""pools are not read yet" 500"#])
            let other = try await get("/v1/ipam/healthy", run.port)
            #expect(other.hasSuffix(" 501"))
        }
        try await AgentRun.with(NotingService()) { run in
            let ready = try await get("/v1/runtime/readiness", run.port)
            #expect(ready == " 200")
        }
    }
}
