public import IPAMCore
public import JSONTree

extension AgentLink {
    /// How long an agent may take to say that it is healthy.
    public static let healthLimit = Duration.seconds(2)

    /// What the cluster says about a Pod's coordination (`GET /v1/coordinator/config`).
    ///
    /// - Parameters:
    ///   - podName: The Pod's name.
    ///   - podNamespace: The Pod's namespace in Kubernetes.
    ///   - deadline: When to give up.
    /// - Returns: The agent's `CoordinatorConfig`; nothing was looked at in it.
    /// - Throws: ``AgentLinkError``; with ``AgentLinkError/Code/refused`` and the agent's reason when there is no answer
    ///   for this Pod yet.
    public func coordinatorConfig(
        podName: String, podNamespace: String, deadline: MonotonicInstant
    ) throws(AgentLinkError) -> JSONObject {
        let target = "/v1/coordinator/config"
        let reply = try grantedRequest(
            .get, target, body: ["podName": .string(podName), "podNamespace": .string(podNamespace)],
            deadline: deadline)
        var flaw: String
        do throws(JSONParseError) {
            let value = try reply.json()
            if let object = value.objectValue { return object }
            flaw = "the reply is JSON, but not an object (\(value.kindName))"
        } catch {
            flaw = "the reply is not JSON: \(error)"
        }
        throw Failure(.malformed, flaw, status: reply.status).named(path: path, request: "GET \(target)")
    }

    /// Asks whether the agent would serve a request (`GET /v1/ipam/healthy`).
    ///
    /// - Parameter deadline: When to give up; ``healthLimit`` from now unless said.
    /// - Throws: ``AgentLinkError`` when it would not.
    public func health(deadline: MonotonicInstant = .now + healthLimit) throws(AgentLinkError) {
        _ = try grantedRequest(.get, "/v1/ipam/healthy", deadline: deadline)
    }
}
