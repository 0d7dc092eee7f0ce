import ArgumentParser
import IPAMCore

/// A moment on the command line: RFC 3339, or how long ago it was.
enum TimeArgument: ExpressibleByArgument {
    case moment(Timestamp)
    case ago(Duration)

    init?(argument: String) {
        if let moment = Timestamp(rfc3339: argument) {
            self = .moment(moment)
            return
        }
        var total: Int64 = 0
        var rest = argument[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest[digits.endIndex...]
            // Nine digits of weeks still fit.
            guard digits.count <= 9, let number = Int64(digits), let unit = rest.popFirst(),
                let seconds = Self.units[unit]
            else { return nil }
            total += number * seconds
            guard total < Self.longest else { return nil }
        }
        guard !argument.isEmpty else { return nil }
        self = .ago(.seconds(total))
    }

    private static let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800]

    /// About 30,000 years.
    private static let longest: Int64 = 1_000_000_000_000

    func resolved(now: Timestamp) -> Timestamp {
        switch self {
        case .moment(let moment): moment
        case .ago(let duration): now.adding(.zero - duration)
        }
    }
}
