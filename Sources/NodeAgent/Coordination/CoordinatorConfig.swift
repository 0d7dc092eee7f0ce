public import JSONTree
internal import PoolModel

/// What the agent tells a Pod's coordinator: the cluster's SpiderCoordinator, and what the Pod's annotations say.
public struct CoordinatorConfig: Sendable, Equatable {
    /// The object as callers get it.
    public let json: JSONObject

    /// The Pod annotation that names the interface with the default route.
    public static let defaultRouteKey = "ipam.spidernet.io/default-route-nic"

    /// Puts an answer together: `mode`, `overlayPodCIDR`, `serviceCIDR` and `tunePodRoutes` always, the rest when it says
    /// something.
    ///
    /// - Parameters:
    ///   - object: The SpiderCoordinator; `nil` when there is none of the configured name.
    ///   - annotations: The Pod's annotations.
    /// - Throws: ``AgentRefusal`` when there is no coordinator, when it is not `Synced`, or holds something that cannot be
    ///   passed on.
    public init(_ object: JSONValue?, annotations: [String: String]) throws(AgentRefusal) {
        guard let object else { throw AgentRefusal("coordinator config not found") }
        let name = object["metadata"]?["name"]?.stringValue ?? "default"
        let phase: String?
        let reason: String?
        let answer: JSONObject
        do throws(JSONFieldError) {
            let root = try JSONFieldReader(object)
            let status = try root.object(at: "status") ?? JSONFieldReader(JSONObject())
            phase = try status.string(at: "phase")
            reason = try status.string(at: "reason").flatMap { $0.isEmpty ? nil : $0 }
            answer = try Self.answer(try root.object(at: "spec") ?? JSONFieldReader(JSONObject()), status, annotations)
        } catch {
            throw AgentRefusal("spidercoordinator: \(name): \(error)")
        }
        guard phase == "Synced" else {
            throw AgentRefusal("spidercoordinator: \(name) no ready" + (reason.map { ": \($0)" } ?? ""))
        }
        json = answer
    }

    private static func answer(
        _ spec: JSONFieldReader, _ status: JSONFieldReader, _ annotations: [String: String]
    ) throws(JSONFieldError) -> JSONObject {
        var json: JSONObject = [
            "mode": .string(try spec.string(at: "mode") ?? "auto"),
            "overlayPodCIDR": .strings(try status.strings(at: "overlayPodCIDR") ?? []),
            "serviceCIDR": .strings(try status.strings(at: "serviceCIDR") ?? []),
            "tunePodRoutes": .bool(try spec.bool(at: "tunePodRoutes") ?? true),
        ]
        if let list = try spec.strings(at: "hijackCIDR"), !list.isEmpty { json["hijackCIDR"] = .strings(list) }
        var routes: [JSONValue] = []
        for route in try spec.objects(at: "policyRoutes") ?? [] {
            let destination = try route.required("dst", try route.string(at: "dst"), expected: "a destination")
            let gateway = try route.required("gw", try route.string(at: "gw"), expected: "an address")
            routes.append(["dst": .string(destination), "gw": .string(gateway)])
        }
        if !routes.isEmpty { json["policyRoutes"] = .array(routes) }
        for key in ["podMACPrefix", "vethLinkAddress"] {
            if let text = try spec.string(at: key), !text.isEmpty { json[key] = .string(text) }
        }
        if let interface = annotations[defaultRouteKey], !interface.isEmpty {
            json["podDefaultRouteNIC"] = .string(interface)
            json["podDefaultRouteNICPinned"] = true
        } else if let interface = try spec.string(at: "podDefaultRouteNIC"), !interface.isEmpty {
            json["podDefaultRouteNIC"] = .string(interface)
        }
        json["hostRuleTable"] = .integer(try spec.integer(at: "hostRuleTable", in: 1...4_294_967_295) ?? 500)
        let ranges: [(String, ClosedRange<Int64>)] = [
            ("podRPFilter", Int64(Int32.min)...2), ("txQueueLen", 0...Int64(UInt32.max)), ("vethMTU", 0...65_535),
        ]
        for (key, range) in ranges {
            if let number = try spec.integer(at: key, in: range), number != 0 { json[key] = .integer(number) }
        }
        // An annotation that Multus cannot read either says nothing about interfaces.
        if let names = try? PodAnnotations(annotations).interfacesInOrder() { json["podNICs"] = .strings(names) }
        return json
    }
}
