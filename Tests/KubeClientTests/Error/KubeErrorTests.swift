import JSONTree
import Testing

@testable import KubeClient

@Suite struct KubeErrorTests {
    struct Row: Sendable {
        let status: Int
        let reason: String?
        let code: KubeError.Code
        let isTransient: Bool
    }

    static let rows = [
        Row(status: 404, reason: "NotFound", code: .notFound, isTransient: false),
        Row(status: 409, reason: "AlreadyExists", code: .alreadyExists, isTransient: false),
        Row(status: 409, reason: "Conflict", code: .conflict, isTransient: false),
        Row(status: 422, reason: "Invalid", code: .invalid, isTransient: false),
        Row(status: 410, reason: "Expired", code: .expired, isTransient: false),
        Row(status: 410, reason: "Gone", code: .expired, isTransient: false),
        Row(status: 410, reason: nil, code: .expired, isTransient: false),
        Row(status: 401, reason: "Unauthorized", code: .unauthorized, isTransient: false),
        Row(status: 403, reason: "Forbidden", code: .forbidden, isTransient: false),
        Row(status: 429, reason: "TooManyRequests", code: .tooManyRequests, isTransient: true),
        Row(status: 504, reason: "Timeout", code: .timeout, isTransient: true),
        Row(status: 500, reason: "InternalError", code: .unavailable, isTransient: true),
        Row(status: 502, reason: nil, code: .unavailable, isTransient: true),
        Row(status: 503, reason: "ServiceUnavailable", code: .unavailable, isTransient: true),
        Row(status: 413, reason: "RequestEntityTooLarge", code: .tooLarge, isTransient: false),
        Row(status: 405, reason: "MethodNotAllowed", code: .methodNotAllowed, isTransient: false),
        Row(status: 302, reason: nil, code: .refused, isTransient: false),
    ]

    @Test(arguments: rows) func codes(_ row: Row) {
        let body: JSONValue? = row.reason.map { ["kind": "Status", "reason": .string($0), "message": "said so"] }
        let error = KubeError(RequestSubject("get", "pods", "shop/web-0"), status: row.status, body: body)
        #expect(error.code == row.code)
        #expect(error.isTransient == row.isTransient)
        #expect(!error.mayHaveBeenApplied, "a read changes nothing")
        #expect(error.description.hasPrefix("get pods \"shop/web-0\": \(row.code.rawValue): "))
    }

    @Test func causesAndRetryAfter() throws {
        let body = try JSONValue(
            parsing: """
                {"kind":"Status","status":"Failure","message":"SpiderIPPool is invalid\\nsecond line","reason":"Invalid",
                "details":{"retryAfterSeconds":3,"causes":[{"reason":"FieldValueInvalid","message":"no subnet","field":"spec.subnet"}]}}
                """)
        let error = KubeError(RequestSubject("create", "pools"), status: 422, body: body)
        #expect(error.causes == [.init(field: "spec.subnet", reason: "FieldValueInvalid", message: "no subnet")])
        #expect(error.retryAfter == .seconds(3))
        #expect(!error.description.contains("\n"))
    }

    @Test func aGatewayThatSpeaksHTML() {
        let error = KubeError(RequestSubject("patch", "pods", "a"), status: 502, body: nil)
        #expect(error.code == .unavailable)
        #expect(error.mayHaveBeenApplied)
    }
}
