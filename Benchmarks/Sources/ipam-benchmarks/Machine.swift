import Glibc

/// Where the numbers come from.
struct Machine {
    let processor: String
    let cores: Int
    let kernel: String
    let swift: String

    init() {
        processor =
            Self.lines(of: fopen("/proc/cpuinfo", "r"), close: fclose)
            .first { $0.hasPrefix("model name") }
            .flatMap { $0.split(separator: ":").last }
            .map { String($0.drop { $0 == " " }) } ?? "unknown"
        cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        var name = utsname()
        uname(&name)
        kernel = withUnsafeBytes(of: name.release) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        swift = Self.lines(of: popen("swift --version 2>/dev/null", "r"), close: pclose).first ?? "unknown"
    }

    private static func lines(
        of file: UnsafeMutablePointer<FILE>?, close: (UnsafeMutablePointer<FILE>) -> Int32
    ) -> [String] {
        guard let file else { return [] }
        defer { _ = close(file) }
        var result: [String] = []
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(line) }
        while getline(&line, &capacity, file) > 0, let text = line {
            result.append(String(cString: text).filter { $0 != "\n" })
        }
        return result
    }
}
