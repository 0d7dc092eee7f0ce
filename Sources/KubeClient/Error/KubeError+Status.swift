internal import JSONTree

extension KubeError {
    /// The error for an answer of the server that is no success.
    ///
    /// - Parameters:
    ///   - subject: What was asked.
    ///   - status: The HTTP status, or the `code` of a `Status` object within a watch.
    ///   - body: The answer, which is a `Status` object unless something between us and the server spoke.
    ///   - retryAfterSeconds: The header of that name.
    init(_ subject: RequestSubject, status: Int, body: JSONValue?, retryAfterSeconds: Int64? = nil) {
        let isStatus = body?["kind"]?.stringValue == "Status"
        let reason = isStatus ? body?["reason"]?.stringValue : nil
        let details = isStatus ? body?["details"] : nil
        let causes = (details?["causes"]?.arrayValue ?? []).prefix(32).map { cause in
            Cause(
                field: cause["field"]?.stringValue ?? "", reason: cause["reason"]?.stringValue ?? "",
                message: cause["message"]?.stringValue ?? "")
        }
        let seconds = retryAfterSeconds ?? details?["retryAfterSeconds"]?.int64Value
        let words = isStatus ? body?["message"]?.stringValue : nil
        let code = Code(status: status, reason: reason)
        self.init(
            code, subject,
            problem: words.flatMap { $0.isEmpty ? nil : $0 } ?? "the server answered with status \(status)",
            status: status, reason: reason, causes: causes,
            retryAfter: seconds.flatMap { (1...3600).contains($0) ? .seconds($0) : nil },
            // A server that timed out or broke while it worked may have finished behind our back.
            mayHaveBeenApplied: subject.isWrite && (status >= 500 && reason != "ServiceUnavailable"))
    }
}

extension KubeError.Code {
    /// The code for an HTTP status and the `reason` of a `Status` object.
    init(status: Int, reason: String?) {
        switch (status, reason) {
        case (_, "AlreadyExists"): self = .alreadyExists
        case (_, "Expired"), (_, "Gone"), (410, _): self = .expired
        case (400, _), (406, _), (415, _): self = .badRequest
        case (401, _): self = .unauthorized
        case (403, _): self = .forbidden
        case (404, _): self = .notFound
        case (405, _): self = .methodNotAllowed
        case (408, _), (504, _): self = .timeout
        case (409, _): self = .conflict
        case (413, _): self = .tooLarge
        case (422, _): self = .invalid
        case (429, _): self = .tooManyRequests
        case (500...599, _): self = .unavailable
        default: self = .refused
        }
    }
}
