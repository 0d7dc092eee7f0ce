import JSONTree

/// The numbers of one run, in the order in which they came.
struct BenchReport {
    private var values: [(name: String, value: Double)] = []

    subscript(name: String) -> Double? {
        get { values.first { $0.name == name }?.value }
        set {
            values.removeAll { $0.name == name }
            if let newValue { values.append((name, newValue)) }
        }
    }

    mutating func add(prefix: String, _ timing: Timing) {
        self["\(prefix)_p50_ms"] = timing.percentile(0.5).milliseconds
        self["\(prefix)_p99_ms"] = timing.percentile(0.99).milliseconds
        self["\(prefix)_total_ms"] = timing.total.milliseconds
    }

    /// In thousandths of the units that the names say.
    var json: JSONValue {
        .object(JSONObject(values.map { ($0.name, .integer(Int($0.value * 1000))) }))
    }

    /// For people: what was to be reached, and what was.
    func table(pods: Int, agents: Int) -> String {
        func number(_ name: String, _ digits: Int = 1) -> String {
            guard let value = self[name] else { return "–" }
            let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
            let text = "\((value * scale).rounded() / scale)"
            return digits == 0 ? String(text.prefix { $0 != "." }) : text
        }
        let rate = self["add_total_ms"].map { Double(pods) / $0 * 1000 } ?? 0
        let rows = [
            ("\(pods) Pods at once, \(agents) agents: claims/s", "≥ 800", "\(Int(rate))"),
            (
                "  p50; p99 from the first request, ms", "p99 ≤ 1000",
                "\(number("add_p50_ms", 0)); \(number("add_p99_ms", 0))"
            ),
            (
                "  ADDs failed; distinct addresses", "0; \(pods)",
                "\(number("add_failed", 0)); \(number("add_distinct", 0))"
            ),
            ("  writes of blocks per claim", "≤ 0.25", number("writes_per_claim", 3)),
            ("  processor time per claim, ms", "≤ 5", number("cpu_ms_per_claim", 2)),
            (
                "all released: total, ms; DELs failed; claims left", "–; 0; 0",
                "\(number("del_total_ms", 0)); \(number("del_failed", 0)); \(number("claims_left", 0))"
            ),
            ("one ADD alone: p50; p99, ms", "p50 ≤ 8", "\(number("alone_p50_ms", 2)); \(number("alone_p99_ms", 2))"),
            ("agent idle; after the burst, MiB", "≤ 30; ≤ 45", "\(number("idle_mib")); \(number("after_burst_mib"))"),
        ]
        let widths = (rows.map(\.0.count).max() ?? 0, rows.map(\.1.count).max() ?? 0)
        return rows.map { row in
            "\(row.0.padded(to: widths.0))  \(row.1.padded(to: widths.1))  \(row.2)\n"
        }.joined()
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
