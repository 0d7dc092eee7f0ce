internal import AgentLink
internal import CNITypes
internal import IPAMCore
internal import JSONTree

/// The plugin's commands through the agent of this node.
struct ClusterCommands {
    /// How long a call may take at most, however much time the runtime leaves.
    static let longestCall = Duration.seconds(100)

    /// How often an ADD asks for other addresses because somebody uses those that it was given.
    static let mostReplacements = 16

    let agent: AgentLink
    let settings: IPAMSettings
    let deadline: MonotonicInstant
    let probe: WireProbe

    init(_ plugin: IPAMPlugin, _ settings: IPAMSettings, _ call: CNICall) {
        agent = AgentLink(path: settings.socketPath)
        probe = plugin.wireProbe
        self.settings = settings
        deadline = min(call.deadline, .now + Self.longestCall)
    }

    // MARK: ADD

    /// What an ADD answers.
    struct Addition {
        let result: CNIResult
        /// Why the wire was not asked although it should have been.
        let notAsked: String?
    }

    /// Asks for addresses, and then the wire about them; where somebody uses one, the agent is told and asked again.
    func add(_ request: CNIAddRequest, _ detection: inout AddressDetection) throws(CNIError) -> Addition {
        let interface = request.attachment.interfaceName
        let body = JSONValue.object(try AgentRequest.add(request, settings))
        for _ in 0...Self.mostReplacements {
            let reply = try addresses(body, interface.text, detection)
            let targets = detection.targets(
                for: reply.addresses(of: interface.text).map { given in
                    .init(address: given.address.address, gateway: given.gateway, settings: given.detection)
                })
            let result = reply.result(for: interface.text)
            if targets.isEmpty { return Addition(result: result, notAsked: nil) }
            if let target = targets.first(where: { detection.user(of: $0.address) != nil }) {
                throw giveUp(request, detection, because: detection.explained(Self.insistence(on: target.address)))
            }
            let step: AddressDetection.Step
            do throws(CNIError) {
                switch try probe.ask(
                    WireQuestion(
                        namespacePath: request.namespacePath, interface: interface, targets: targets,
                        deadline: deadline))
                {
                case .notAsked(let reason): return Addition(result: result, notAsked: reason)
                case .findings(let findings): step = detection.judge(findings, on: targets)
                }
            } catch {
                throw giveUp(request, detection, because: detection.explained(error))
            }
            switch step {
            case .accept: return Addition(result: result, notAsked: nil)
            case .refuse(let error): throw giveUp(request, detection, because: error)
            case .replace:
                let used = detection.conflicts.filter { conflict in targets.contains { $0.address == conflict.address }
                }
                do throws(AgentLinkError) {
                    _ = try ask(.delete, "/v1/ipam/ips", AgentRequest.giveUp(request, used))
                } catch {
                    // A workload that keeps its address keeps it, whoever else uses it; the refusal says so.
                    throw detection.explained(Self.describe(error, Self.addition))
                }
            }
        }
        throw detection.explained(
            CNIError(.tryAgainLater, Self.addition, details: "\(Self.mostReplacements) times in a row"))
    }

    private func addresses(
        _ body: JSONValue, _ interface: String, _ detection: AddressDetection
    ) throws(CNIError) -> AgentAddresses {
        let reply: AgentReply
        do throws(AgentLinkError) {
            reply = try agent.grantedRequest(.post, "/v1/ipam/ip", body: body, deadline: deadline, tellsDeadline: true)
        } catch {
            throw detection.explained(Self.describe(error, Self.addition))
        }
        let read = try read(reply, Self.addition) { reader throws(JSONFieldError) in try AgentAddresses(reader) }
        guard !read.addresses(of: interface).isEmpty else {
            throw CNIError(
                .internalError, Self.addition,
                details: "no Interface \(interface) IP allocation found in the agent's reply")
        }
        return read
    }

    /// Tells the agent that a refused call gives up its addresses.
    ///
    /// - Returns: the error, with the reason if the agent did not take notice.
    private func giveUp(
        _ request: CNIAddRequest, _ detection: AddressDetection, because refusal: CNIError
    ) -> CNIError {
        do throws(AgentLinkError) {
            // The time may be over; without this the addresses would stay claimed until the runtime's DEL.
            _ = try ask(
                .delete, "/v1/ipam/ips", AgentRequest.giveUp(request, detection.conflicts),
                by: max(deadline, .now + .seconds(1)))
            return refusal
        } catch {
            return CNIError(
                refusal.code, refusal.message, details: "\(refusal.details); addresses stay claimed until DEL: \(error)"
            )
        }
    }

    private static func insistence(on address: IPAddress) -> CNIError {
        CNIError(.internalError, addition, details: "the agent gave \(address) again, which is known to be in use")
    }

    // MARK: The other commands

    /// Gives back.
    ///
    /// - Returns: why the agent would never take it; it finds out by itself then.
    func delete(_ request: CNIDeleteRequest) throws(CNIError) -> String? {
        let body = AgentRequest.attachment(
            request.attachment, request.arguments, namespacePath: request.namespacePath)
        do throws(AgentLinkError) {
            _ = try ask(.delete, "/v1/ipam/ip", body)
            return nil
        } catch {
            // Repeating what is not understood would keep the runtime from ever removing the sandbox.
            if let status = error.status, 400..<500 ~= status { return "\(error)" }
            throw Self.describe(error, "spiderpool IP release error")
        }
    }

    func check(_ request: CNICheckRequest) throws(CNIError) {
        let message = "spiderpool IP check error"
        let given = request.givenAddresses
        var body = AgentRequest.attachment(
            request.attachment, request.arguments, namespacePath: request.namespacePath)
        body["addresses"] = .strings(given.sorted().map(\.description))
        let reply: AgentReply
        do throws(AgentLinkError) {
            reply = try ask(.get, "/v1/ipam/ip", body)
        } catch {
            throw Self.describe(error, message)
        }
        let (claimed, foreign) = try read(reply, message) { reader throws(JSONFieldError) in
            let foreign = try reader.parsedList(at: "foreign", expected: "an IP address") { IPAddress($0) }
            return (try AgentAddresses(reader), Set(foreign ?? []))
        }
        let owned = Set(claimed.addresses(of: request.attachment.interfaceName.text).map(\.address.address))
        try request.compare(owned: owned, unclaimed: given.subtracting(owned).subtracting(foreign))
    }

    /// Tells the agent what is still attached.
    ///
    /// - Returns: what was given back.
    func collectGarbage(_ request: CNIGarbageRequest) throws(CNIError) -> [ReleasedAddress] {
        let message = "spiderpool IP release error"
        let reply: AgentReply
        do throws(AgentLinkError) {
            reply = try ask(.post, "/v1/ipam/gc", AgentRequest.garbage(request))
        } catch {
            throw Self.describe(error, message)
        }
        return try read(reply, message) { reader throws(JSONFieldError) in
            var released: [ReleasedAddress] = []
            for entry in try reader.objects(at: "released") ?? [] { released.append(try ReleasedAddress(entry)) }
            return released
        }
    }

    func status() throws(CNIError) {
        do throws(AgentLinkError) {
            try agent.health(deadline: min(deadline, .now + AgentLink.healthLimit))
        } catch {
            throw CNIError(
                .notAvailable, "spiderpool cannot give addresses",
                details: "unhealthy spiderpool-agent backend: \(error)")
        }
    }

    // MARK: The agent

    private static let addition = "spiderpool IP allocation error"

    private func ask(
        _ method: AgentLink.Method, _ target: String, _ body: JSONObject, by deadline: MonotonicInstant? = nil
    ) throws(AgentLinkError) -> AgentReply {
        try agent.grantedRequest(
            method, target, body: .object(body), deadline: deadline ?? self.deadline, tellsDeadline: true)
    }

    private func read<Value>(
        _ reply: AgentReply, _ message: String, _ body: (JSONFieldReader) throws(JSONFieldError) -> Value
    ) throws(CNIError) -> Value {
        let value: JSONValue
        do throws(JSONParseError) {
            value = try reply.json()
        } catch {
            throw CNIError(.decodingFailed, message, details: "the agent's reply is not JSON: \(error)")
        }
        do throws(JSONFieldError) {
            return try body(try JSONFieldReader(value))
        } catch {
            throw CNIError(
                .decodingFailed, message,
                details: "the agent's reply: \(error); are agent and plugin of one release?")
        }
    }

    /// What the runtime is told when the agent did not serve; stable fragments of the agent's words decide the code.
    static func describe(_ error: AgentLinkError, _ message: String) -> CNIError {
        switch error.code {
        case .malformed: return CNIError(.decodingFailed, message, details: "\(error)")
        case .refused: break
        default: return CNIError(.tryAgainLater, message, details: "unhealthy spiderpool-agent backend: \(error)")
        }
        let code = codes.first { error.detail.contains($0.fragment) }?.code ?? .tryAgainLater
        return CNIError(code, message, details: error.detail)
    }

    private static let codes: [(fragment: String, code: CNIError.Code)] = [
        ("wrong input", .invalidConfiguration), ("exhaust all retries", .tryAgainLater),
        ("deadline exceeded", .tryAgainLater), ("queue is full", .tryAgainLater),
        ("all IP addresses used out", .noFreeAddress), ("no IPPool available", .noFreeAddress),
        ("requested IP address unavailable", .noFreeAddress),
    ]
}
