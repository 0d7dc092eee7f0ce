public import CNITypes
internal import JSONTree
public import PoolModel

extension WorkloadFile {
    /// Reads the file that the settings name.
    ///
    /// - Throws: `CNIError` with code 5 when it cannot be read, 6 or 7 when it is no list of workloads.
    public init(readingFrom path: String) throws(CNIError) {
        guard let bytes = try SettingsFile.content(of: path) else {
            throw CNIError(
                .inputOutput, "cannot read the workload file",
                details: "\(path) does not exist; write it, or take the key \"workloads\" out of the settings")
        }
        let tree: JSONValue
        do throws(JSONParseError) {
            tree = try JSONValue(parsing: bytes.span)
        } catch {
            throw CNIError(.decodingFailed, "cannot decode the workload file", details: "\(path): \(error)")
        }
        do throws(InvalidResource) {
            try self.init(tree: tree)
        } catch {
            throw CNIError(.invalidConfiguration, "invalid workload file", details: "\(path): \(error)")
        }
    }

    /// What the file says about a workload.
    ///
    /// - Parameters:
    ///   - key: How the workload is recognised.
    ///   - path: Where the file is, for the error.
    /// - Returns: what it says; `nil` when it says nothing.
    /// - Throws: `CNIError` with code 7 when some of it cannot be understood.
    public func facts(for key: WorkloadKey, readFrom path: String) throws(CNIError) -> WorkloadFacts? {
        let facts = facts(for: key)
        guard let problems = facts?.problems, !problems.isEmpty else { return facts }
        let error = InvalidResource(kind: Self.kindName, name: nil, errors: problems)
        throw CNIError(.invalidConfiguration, "invalid workload file", details: "\(path): \(error)")
    }
}
