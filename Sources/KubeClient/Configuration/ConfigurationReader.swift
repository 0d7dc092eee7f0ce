internal import JSONTree

/// Reads the members of a configuration file; every error names the file and the field, and never shows a value.
struct ConfigurationReader {
    let file: String
    private let reader: JSONFieldReader

    init(file: String, _ reader: JSONFieldReader) {
        self.file = file
        self.reader = reader
    }

    init(file: String, tree: JSONValue) throws(KubeError) {
        self.file = file
        do throws(JSONFieldError) {
            reader = try JSONFieldReader(tree)
        } catch {
            throw Self.error(file, error)
        }
    }

    /// A text that is not empty.
    func string(_ key: String) throws(KubeError) -> String? {
        do throws(JSONFieldError) {
            return try reader.string(at: key).flatMap { $0.isEmpty ? nil : $0 }
        } catch {
            throw Self.error(file, error)
        }
    }

    func required(_ key: String, _ remedy: String) throws(KubeError) -> String {
        guard let value = try string(key) else { throw failure(key, "it is missing", remedy) }
        return value
    }

    func bool(_ key: String) throws(KubeError) -> Bool {
        do throws(JSONFieldError) { return try reader.bool(at: key) ?? false } catch { throw Self.error(file, error) }
    }

    func strings(_ key: String) throws(KubeError) -> [String] {
        do throws(JSONFieldError) { return try reader.strings(at: key) ?? [] } catch { throw Self.error(file, error) }
    }

    func object(_ key: String) throws(KubeError) -> ConfigurationReader? {
        do throws(JSONFieldError) {
            return try reader.object(at: key).map { ConfigurationReader(file: file, $0) }
        } catch {
            throw Self.error(file, error)
        }
    }

    func objects(_ key: String) throws(KubeError) -> [ConfigurationReader] {
        do throws(JSONFieldError) {
            return try (reader.objects(at: key) ?? []).map { ConfigurationReader(file: file, $0) }
        } catch {
            throw Self.error(file, error)
        }
    }

    func has(_ key: String) -> Bool { reader.value(at: key) != nil }

    /// The error for a member.
    func failure(_ key: String, _ problem: String, _ remedy: String) -> KubeError {
        .configuration(file, reader.path(of: key).description, problem, remedy)
    }

    /// The bytes of `KEY-data`, which comes first, or of the file that `KEY` names, relative to the folder of this file.
    func data(_ key: String, limit: Int = 1 << 20) throws(KubeError) -> [UInt8]? {
        if let text = try string("\(key)-data") {
            guard let bytes = Base64.decode(text) else {
                throw failure("\(key)-data", "it is not base 64", "encode the PEM file with \"base64 -w0\"")
            }
            return bytes
        }
        guard let path = try path(key) else { return nil }
        do throws(SmallFile.Failure) {
            return try SmallFile.read(path, limit: limit)
        } catch {
            throw failure(key, "\(path) cannot be read: \(error)", "correct the path or the file's rights")
        }
    }

    /// A path, relative to the folder of this file.
    func path(_ key: String) throws(KubeError) -> String? {
        guard let path = try string(key) else { return nil }
        guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
        return "\(file[...slash])\(path)"
    }

    private static func error(_ file: String, _ error: JSONFieldError) -> KubeError {
        let found =
            error.actualKind.map { "got \($0 == "null" ? "nothing" : "a value of kind \($0)")" } ?? "it is missing"
        let place = error.path.steps.isEmpty ? nil : error.path.description
        return .configuration(file, place, "expected \(error.expected), \(found)", "")
    }
}
