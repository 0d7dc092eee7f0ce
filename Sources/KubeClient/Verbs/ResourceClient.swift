internal import IPAMCore
internal import JSONTree
internal import NIOHTTP1

/// The objects of one kind, in one namespace or in all.
public struct ResourceClient<Object: KubeDocument>: Sendable {
    let transport: Transport
    /// Where the kind lives in the API.
    public let definition: ResourceDefinition
    /// The namespace; `nil` for all of them, and for kinds without.
    public let namespace: String?
    /// Whether the server is asked for metadata only.
    let isPartial: Bool

    init(_ transport: Transport, _ definition: ResourceDefinition, namespace: String?, isPartial: Bool) {
        self.transport = transport
        self.definition = definition
        self.namespace = definition.isNamespaced ? namespace : nil
        self.isPartial = isPartial
    }

    func subject(_ verb: String, _ name: String? = nil, namespace other: String? = nil) -> RequestSubject {
        let key = name.map { ObjectKey(namespace: namespace ?? other, name: $0).description }
        return RequestSubject(verb, definition.qualifiedName, key)
    }

    /// A request about one object, or about all.
    func request(
        _ verb: String, _ method: HTTPMethod, _ name: String?, subresource: String? = nil
    ) throws(KubeError) -> APIRequest {
        let subject = subject(verb, name)
        if let name {
            guard !name.isEmpty, name != ".", name != "..", !name.contains("/") else {
                throw KubeError(.badRequest, subject, problem: "this is no name of an object")
            }
            guard !definition.isNamespaced || namespace != nil else {
                throw KubeError(.badRequest, subject, problem: "the kind lives in namespaces, and none was said")
            }
        }
        var request = APIRequest(
            subject, method, definition.path(namespace: namespace, name: name, subresource: subresource))
        if isPartial { request.accept = Self.partial("PartialObjectMetadata") }
        return request
    }

    static func partial(_ kind: String) -> String { "application/json;as=\(kind);g=meta.k8s.io;v=v1,application/json" }

    func read(_ reply: APIReply, _ subject: RequestSubject) throws(KubeError) -> Object {
        let tree: JSONValue
        do throws(JSONParseError) {
            tree = try JSONValue(parsing: reply.body.span, limits: JSONLimits(maximumBytes: reply.body.count))
        } catch {
            throw KubeError(
                .malformed, subject, problem: "the answer is not JSON: \(error)", mayHaveBeenApplied: subject.isWrite)
        }
        return try read(tree, subject)
    }

    func read(_ json: JSONValue, _ subject: RequestSubject) throws(KubeError) -> Object {
        do throws(JSONFieldError) {
            return try Object(json: json)
        } catch {
            throw KubeError(.malformed, subject, problem: "\(error)", mayHaveBeenApplied: subject.isWrite)
        }
    }
}
