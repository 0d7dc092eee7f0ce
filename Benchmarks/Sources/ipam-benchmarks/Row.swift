/// One line of the report: what was measured, the result, and what was to be reached.
struct Row {
    /// What a row is to reach.
    enum Target {
        case atMost(Double)
        case atLeast(Double)

        func isReached(by value: Double) -> Bool {
            switch self {
            case .atMost(let limit): value <= limit
            case .atLeast(let limit): value >= limit
            }
        }

        var text: String {
            switch self {
            case .atMost(let limit): "≤ " + decimal(limit)
            case .atLeast(let limit): "≥ " + decimal(limit)
            }
        }
    }

    let group: String
    let name: String
    /// Unit of `median`, `minimum` and `maximum`: `ns`, `µs`, `ms`, `bit`, or `×` for a ratio.
    let unit: String
    let median: Double
    let minimum: Double
    let maximum: Double
    /// Number of measurements behind the median.
    let samples: Int
    /// Heap allocations for each operation, where they were counted.
    var allocations: Double?
    var target: Target?

    var isReached: Bool? { target?.isReached(by: median) }

    /// A single number that was computed from other measurements.
    init(_ group: String, _ name: String, value: Double, unit: String, target: Target? = nil) {
        self.init(group, name, samples: [value], unit: unit, target: target)
    }

    /// The median of some measurements, at least one.
    init(
        _ group: String, _ name: String, samples: [Double], unit: String, allocations: Double? = nil,
        target: Target? = nil
    ) {
        let sorted = samples.sorted()
        self.group = group
        self.name = name
        self.unit = unit
        median = sorted[sorted.count / 2]
        minimum = sorted[0]
        maximum = sorted[sorted.count - 1]
        self.samples = sorted.count
        self.allocations = allocations
        self.target = target
    }
}

/// A number for people: two decimals below 10, one below 1000, none above.
func decimal(_ value: Double) -> String {
    let digits = value < 10 ? 100.0 : value < 1000 ? 10.0 : 1.0
    let rounded = (value * digits).rounded() / digits
    let text = String(rounded)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
