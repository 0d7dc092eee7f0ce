import AgentLink
import CNITypes
import IPAMCore
import JSONTree
import TestSupport
import Testing

@testable import IPAMPlugin

@Suite struct ClusterTests {
    static let granted = #"""
        {"ips":[
          {"version":6,"address":"fd00:10:6::65/64","gateway":"fd00:10:6::1","ipPool":"a6","nic":"eth0"},
          {"version":4,"address":"10.6.168.101/16","gateway":"10.6.0.1","ipPool":"a","nic":"eth0","vlan":7,
           "mac":"02:00:00:11:22:33"},
          {"version":4,"address":"10.7.0.9/16","nic":"net1"}],
         "routes":[{"ifName":"eth0","dst":"172.20.5.0/16","gw":"10.6.0.254"},
          {"ifName":"net1","dst":"0.0.0.0/0","gw":"10.7.0.1"},{"ifName":"eth0","dst":"0.0.0.0/0","gw":"10.6.0.1"}]}
        """#

    static func addresses(_ answer: JSONValue?) -> [String?] {
        (answer?["ips"]?.arrayValue ?? []).map { $0["address"]?.stringValue }
    }

    // MARK: ADD

    @Test func addAsksAsTheReferenceDoesAndAnswersForItsInterface() throws {
        let run = try ClusterRun { line, _ in line == "POST /v1/ipam/ip" ? ("200 OK", Self.granted) : nil }
        run.keys = ["default_ipv4_ippool": ["rack-a"], "clean_gateway": true, "match_master_subnet": true]
        let (code, answer) = run.run("ADD")
        #expect(code == 0)
        #expect(
            answer == [
                "cniVersion": "1.1.0",
                "ips": [
                    ["address": "10.6.168.101/16", "gateway": "10.6.0.1"],
                    ["address": "fd00:10:6::65/64", "gateway": "fd00:10:6::1"],
                ],
                "routes": [["dst": "172.20.0.0/16", "gw": "10.6.0.254"], ["dst": "0.0.0.0/0", "gw": "10.6.0.1"]],
            ])
        let request = try #require(run.server.requests.first)
        let head = request.prefix { $0 != "{" }
        let milliseconds = try #require(head.split(separator: "X-Request-Timeout-Ms: ").last?.prefix { $0.isNumber })
        #expect((95_000...100_000).contains(try #require(Int(milliseconds))))
        let body =
            #"{"containerID":"c0ffee","ifName":"eth0","netNamespace":"/ns","podNamespace":"shop","#
            + #""podName":"web-0","podUID":"5b0e","defaultIPv4IPPool":["rack-a"],"defaultIPv6IPPool":null,"#
            + #""cleanGateway":true,"matchMasterSubnet":true,"network":"rack"}"#
        #expect(
            request == "POST /v1/ipam/ip HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
                + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
                + "X-Request-Timeout-Ms: \(milliseconds)\r\nConnection: close\r\n\r\n" + body)
    }

    struct Flaw: Sendable, CustomTestStringConvertible {
        let body: String
        let words: String
        var testDescription: String { words }
    }

    static let good = #""version":4,"address":"10.0.0.1/8","nic":"eth0""#

    @Test(arguments: [
        Flaw(body: "", words: "is not JSON"),
        Flaw(body: "[]", words: "expected an object, got array"),
        Flaw(body: "{}", words: "ips: missing, expected an array of addresses"),
        Flaw(body: #"{"ips":null}"#, words: "ips: expected an array of addresses, got null"),
        Flaw(body: #"{"ips":{}}"#, words: "ips: expected an array, got object"),
        Flaw(body: #"{"ips":[5]}"#, words: "ips[0]: expected an object, got number 5"),
        Flaw(body: #"{"ips":[{"address":"10.0.0.1/8","nic":"eth0"}]}"#, words: "ips[0].version: missing"),
        Flaw(
            body: #"{"ips":[{"version":5,"address":"10.0.0.1/8","nic":"eth0"}]}"#, words: "ips[0].version: expected 4"),
        Flaw(body: #"{"ips":[{"version":4,"nic":"eth0"}]}"#, words: "ips[0].address: missing"),
        Flaw(
            body: #"{"ips":[{"version":4,"address":"10.0.0.1","nic":"eth0"}]}"#,
            words: "ips[0].address: expected an IPv4"),
        Flaw(
            body: #"{"ips":[{"version":4,"address":"fd::1/8","nic":"eth0"}]}"#,
            words: "ips[0].address: expected an IPv4"),
        Flaw(body: #"{"ips":[{"version":4,"address":"10.0.0.1/8"}]}"#, words: "ips[0].nic: missing"),
        Flaw(body: #"{"ips":[{\#(good),"gateway":"fd::1"}]}"#, words: "ips[0].gateway: expected an IPv4 address"),
        Flaw(body: #"{"ips":[{\#(good),"ipPool":1}]}"#, words: "ips[0].ipPool: expected a string"),
        Flaw(body: #"{"ips":[{\#(good),"vlan":4095}]}"#, words: "ips[0].vlan: expected an integer in 0...4094"),
        Flaw(body: #"{"ips":[{\#(good),"mac":"02-00-00-11-22-3"}]}"#, words: "ips[0].mac: expected a MAC address"),
        Flaw(
            body: #"{"ips":[{\#(good),"enableIPConflictDetection":"yes"}]}"#,
            words: "ips[0].enableIPConflictDetection: expected true or false"),
        Flaw(body: #"{"ips":[{\#(good)}],"routes":{}}"#, words: "routes: expected an array"),
        Flaw(body: #"{"ips":[{\#(good)}],"routes":[{"dst":"0/0","gw":"1"}]}"#, words: "routes[0].ifName: missing"),
        Flaw(
            body: #"{"ips":[{\#(good)}],"routes":[{"ifName":"eth0","gw":"10.0.0.1"}]}"#, words: "routes[0].dst: missing"
        ),
        Flaw(
            body: #"{"ips":[{\#(good)}],"routes":[{"ifName":"eth0","dst":"10.1.0.0/16","gw":""}]}"#,
            words: "routes[0].gw: expected an IPv4 address"),
    ])
    func everyFlawOfTheReplyIsNamed(flaw: Flaw) throws {
        let run = try ClusterRun { _, _ in ("200 OK", flaw.body) }
        let refusal = ClusterRun.refusal(run.run("ADD"))
        #expect(refusal.hasPrefix("6 spiderpool IP allocation error; the agent's reply"))
        #expect(refusal.contains(flaw.words), "\(refusal)")
    }

    @Test func noAddressForTheInterfaceIsAnError() throws {
        let run = try ClusterRun { _, _ in ("200 OK", #"{"ips":[{"version":4,"address":"10.0.0.1/8","nic":"net1"}]}"#) }
        #expect(ClusterRun.refusal(run.run("ADD")).contains("no Interface eth0 IP allocation found"))
    }

    struct Refusal: Sendable {
        let words: String
        let code: Int
    }

    @Test(arguments: [
        Refusal(words: "all IP addresses used out: IPv4: IPPool a has 4 usable addresses", code: 102),
        Refusal(words: "no IPPool available, all IPv4 IPPools [a] of eth0 filtered out", code: 102),
        Refusal(words: "wrong input, invalid format of Pod annotation", code: 7),
        Refusal(words: "exhaust all retries", code: 11), Refusal(words: "deadline exceeded", code: 11),
        Refusal(words: "failed to get pod shop/web-0", code: 11),
    ])
    func theAgentsWordsDecideTheCode(refusal: Refusal) throws {
        let run = try ClusterRun { _, _ in ("500 Internal Server Error", "\"\(refusal.words)\"") }
        #expect(
            ClusterRun.refusal(run.run("ADD"))
                == "\(refusal.code) spiderpool IP allocation error; \(refusal.words)")
    }

    @Test func aPodMustBeNamed() throws {
        let run = try ClusterRun { _, _ in nil }
        run.arguments = "IgnoreUnknown=1;K8S_POD_NAMESPACE=shop"
        #expect(ClusterRun.refusal(run.run("ADD")) == "4 CNI_ARGS does not name the Pod; missing K8S_POD_NAME")
        #expect(run.asked.isEmpty)
    }

    @Test func withoutAnAgentItIsTriedAgainLater() throws {
        let run = try ClusterRun { _, _ in nil }
        run.keys = ["ipam_unix_socket_path": "/nowhere/agent.sock"]
        for command in ["ADD", "DEL"] {
            let refusal = ClusterRun.refusal(run.run(command))
            #expect(refusal.hasPrefix("11 spiderpool IP "), "\(refusal)")
            #expect(refusal.contains("unhealthy spiderpool-agent backend"))
        }
        #expect(ClusterRun.refusal(run.run("STATUS")).hasPrefix("50 spiderpool cannot give addresses; unhealthy"))
    }

    struct Silence: Sendable {
        let steps: [AgentServer.Step]
        let words: String
    }

    /// Each ends at the deadline at the latest, and is worth another try.
    @Test(arguments: [
        Silence(steps: [.hold], words: "the reply was not whole in time"),
        Silence(
            steps: [.send(Array(ClusterRun.reply("200 OK", granted).dropLast())), .hold], words: "not whole in time"),
        Silence(
            steps: [.send(Array(ClusterRun.reply("200 OK", granted).dropLast()))], words: "spiderpool-agent backend"),
        Silence(steps: [], words: "unhealthy spiderpool-agent backend"),
    ])
    func aReplyThatIsNotWholeIsTriedAgainLater(silence: Silence) throws {
        let server = try AgentServer(silence.steps)
        defer { server.stop() }
        let document: JSONValue = [
            "cniVersion": "1.1.0", "name": "rack", "type": "macvlan",
            "ipam": ["type": "spiderpool", "ipam_unix_socket_path": .string(server.path)],
        ]
        let parameters = try #require(
            try CNIParameters([
                "CNI_COMMAND": "ADD", "CNI_CONTAINERID": "c0ffee", "CNI_IFNAME": "eth0", "CNI_NETNS": "/ns",
                "CNI_PATH": "/bin", "CNI_ARGS": "K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web-0",
            ]))
        let invocation = try CNIInvocation(
            parameters, document: document, input: [], deadline: .now + .milliseconds(200),
            namespaceKind: { _ in .other })
        guard case .add(let request) = invocation else { return #expect(Bool(false)) }
        let plugin = IPAMPlugin(hostSettingsPath: "/nowhere/host.json")
        let settings = try IPAMSettings(request.call.configuration, host: HostSettings())
        var detection = AddressDetection(interface: "eth0")
        let error = #expect(throws: CNIError.self) {
            try ClusterCommands(plugin, settings, request.call).add(request, &detection)
        }
        #expect(error?.code == .tryAgainLater)
        #expect(error?.details.contains(silence.words) == true, "\(error?.details ?? "")")
    }

    // MARK: Detection

    static func grant(_ address: String, _ flags: String = #","enableIPConflictDetection":true"#) -> String {
        #"{"ips":[{"version":4,"address":"\#(address)/16","gateway":"10.6.0.1","nic":"eth0"\#(flags)}]}"#
    }

    @Test func anAddressInForeignUseIsReportedAndReplaced() throws {
        let run = try ClusterRun { line, count in
            line == "DELETE /v1/ipam/ips" ? ("200 OK", "") : ("200 OK", Self.grant("10.6.0.1\(count)"))
        }
        run.wireProbe = DetectionRunTests.wire(usedBy: ["10.6.0.10", "10.6.0.12"])
        #expect(Self.addresses(run.run("ADD").answer) == ["10.6.0.14/16"], "\(run.asked)")
        let asked = run.asked.filter { $0.hasPrefix("DELETE") }
        #expect(
            asked
                == ["10.6.0.10", "10.6.0.12"].map { address in
                    #"DELETE /v1/ipam/ips {"containerID":"c0ffee","netNamespace":"/ns","podNamespace":"shop","#
                        + #""podName":"web-0","podUID":"5b0e","isReleaseConflictIPs":true,"ifName":"eth0","#
                        + #""conflicts":[{"address":"\#(address)","mac":"\#(DetectionRunTests.mac)"}]}"#
                })
    }

    @Test func aWorkloadThatKeepsItsAddressIsRefusedWithTheConflict() throws {
        let run = try ClusterRun { line, _ in
            line == "DELETE /v1/ipam/ips" ? ("522 X", "\"it keeps 10.6.0.9\"") : ("200 OK", Self.grant("10.6.0.9"))
        }
        run.wireProbe = DetectionRunTests.wire(usedBy: ["10.6.0.9"])
        let refusal = ClusterRun.refusal(run.run("ADD"))
        #expect(refusal.hasPrefix("100 ip conflict: pod's interface eth0 with an conflicting ip 10.6.0.9"))
        #expect(refusal.contains("it keeps 10.6.0.9"))
    }

    @Test func anAgentThatGivesTheSameAddressAgainEndsTheSearch() throws {
        let run = try ClusterRun { line, _ in
            line == "DELETE /v1/ipam/ips" ? ("200 OK", "") : ("200 OK", Self.grant("10.6.0.9"))
        }
        run.wireProbe = DetectionRunTests.wire(usedBy: ["10.6.0.9"])
        #expect(ClusterRun.refusal(run.run("ADD")).hasPrefix("100 ip conflict"))
        #expect(run.asked.filter { $0.hasPrefix("POST") }.count == 2)
    }

    @Test func theSearchIsBounded() throws {
        let run = try ClusterRun { line, count in
            line == "DELETE /v1/ipam/ips" ? ("200 OK", "") : ("200 OK", Self.grant("10.6.1.\(count)"))
        }
        run.wireProbe = DetectionRunTests.wire(usedBy: (0..<256).map { "10.6.1.\($0)" })
        #expect(ClusterRun.refusal(run.run("ADD")).hasPrefix("100 ip conflict"))
        #expect(run.asked.filter { $0.hasPrefix("POST") }.count == ClusterCommands.mostReplacements + 1)
    }

    @Test func aSilentGatewayGivesUpTheInterface() throws {
        let run = try ClusterRun { line, _ in
            line == "DELETE /v1/ipam/ips"
                ? ("200 OK", "") : ("200 OK", Self.grant("10.6.0.9", #","enableGatewayDetection":true"#))
        }
        run.wireProbe = WireProbe { question in
            #expect(question.targets.map(\.gateway) == [IPAddress("10.6.0.1")])
            return .findings([.unreachable])
        }
        #expect(ClusterRun.refusal(run.run("ADD")).hasPrefix("101 gateway 10.6.0.1 is unreachable"))
        #expect(run.asked.last?.contains(#""isReleaseConflictIPs":false,"ifName":"eth0","conflicts":[]"#) == true)
    }

    @Test func theWireIsNotAskedUnlessTheAgentSaysSo() throws {
        let run = try ClusterRun { _, _ in ("200 OK", Self.grant("10.6.0.9", "")) }
        run.wireProbe = DetectionRunTests.wire(usedBy: ["10.6.0.9"])
        #expect(run.run("ADD").code == 0)
    }

    // MARK: The other commands

    @Test func deleteTellsWhatIsGone() throws {
        let run = try ClusterRun { _, _ in ("200 OK", "") }
        #expect(run.run("DEL").code == 0)
        #expect(
            run.asked == [
                #"DELETE /v1/ipam/ip {"containerID":"c0ffee","ifName":"eth0","netNamespace":"/ns","#
                    + #""podNamespace":"shop","podName":"web-0","podUID":"5b0e"}"#
            ])
    }

    @Test func deleteIsRepeatedOnlyWhenThatHelps() throws {
        let busy = try ClusterRun { _, _ in ("500 X", "\"the API server does not answer\"") }
        #expect(
            ClusterRun.refusal(busy.run("DEL"))
                == "11 spiderpool IP release error; the API server does not answer")
        let deaf = try ClusterRun { _, _ in ("422 X", #"{"code":602,"message":"podName in body is required"}"#) }
        #expect(deaf.run("DEL").code == 0)
    }

    @Test func checkComparesWithWhatTheAgentKnows() throws {
        let previous: JSONObject = [
            "prevResult": ["cniVersion": "1.1.0", "ips": [["address": "10.6.0.9/16"], ["address": "192.0.2.1/24"]]]
        ]
        let good = try ClusterRun { line, _ in
            let body = Self.grant("10.6.0.9").dropLast() + #","foreign":["192.0.2.1"]}"#
            return line == "GET /v1/ipam/ip" ? ("200 OK", String(body)) : nil
        }
        #expect(good.run("CHECK", with: previous).code == 0)
        #expect(good.asked.first?.hasSuffix(#""podUID":"5b0e","addresses":["10.6.0.9","192.0.2.1"]}"#) == true)
        let other = try ClusterRun { _, _ in ("200 OK", Self.grant("10.6.0.8")) }
        #expect(ClusterRun.refusal(other.run("CHECK", with: previous)).contains("10.6.0.8 belongs to eth0"))
        let lost = try ClusterRun { _, _ in ("200 OK", Self.grant("10.6.0.9")) }
        #expect(
            ClusterRun.refusal(lost.run("CHECK", with: previous)).hasPrefix("105 spiderpool IP check error; 192.0.2.1"))
        let none = try ClusterRun { _, _ in ("200 OK", #"{"ips":[]}"#) }
        #expect(ClusterRun.refusal(none.run("CHECK", with: previous)).contains("owns no address"))
    }

    @Test func garbageIsTheAgentsToCollect() throws {
        let run = try ClusterRun { line, _ in
            let body = #"{"released":[{"address":"10.6.0.9","containerID":"old","ifName":"eth0"}]}"#
            return line == "POST /v1/ipam/gc" ? ("200 OK", body) : nil
        }
        let valid: JSONValue = [
            ["containerID": "b", "ifname": "eth0"], ["containerID": "a", "ifname": "net1"],
        ]
        #expect(run.run("GC", with: ["cni.dev/valid-attachments": valid]).code == 0)
        #expect(
            run.asked == [
                #"POST /v1/ipam/gc {"network":"rack","validAttachments":["#
                    + #"{"containerID":"a","ifName":"net1"},{"containerID":"b","ifName":"eth0"}]}"#
            ])
    }

    @Test func statusIsTheAgentsHealth() throws {
        let well = try ClusterRun { line, _ in line == "GET /v1/ipam/healthy" ? ("200 OK", "") : nil }
        #expect(well.run("STATUS").code == 0)
        let ill = try ClusterRun { _, _ in ("500 X", "\"pools are not read yet\"") }
        #expect(ClusterRun.refusal(ill.run("STATUS")).contains("status 500: pools are not read yet"))
    }

    // MARK: Mode

    @Test func theModeFollowsFromTheSocketUnlessItIsSaid() throws {
        func mode(_ ipam: JSONObject, socket: String = "/nowhere") throws -> Mode? {
            let document: JSONValue = ["cniVersion": "1.0.0", "name": "n", "type": "macvlan", "ipam": .object(ipam)]
            let configuration = try CNIConfiguration(document, for: .add, supported: CNIVersion.allCases)
            return try? IPAMSettings(configuration, host: HostSettings(), defaultSocketPath: socket).mode
        }
        #expect(try mode([:]) == nil)
        #expect(try mode([:], socket: "/dev/null") == .cluster)
        #expect(try mode(["ipam_unix_socket_path": "/run/x.sock"]) == .cluster)
        #expect(try mode(["ipam_unix_socket_path": "x.sock"]) == nil)
        #expect(try mode(["ipam_unix_socket_path": ""], socket: "/dev/null") == .cluster)
        #expect(try mode(["store": "/ipam.db"], socket: "/dev/null") == nil)
        #expect(
            try mode(["mode": "embedded", "ipam_unix_socket_path": "/run/x.sock"], socket: "/dev/null") == .embedded)
    }
}
