import ArgumentParser
import JSONTree
import ManifestFile

/// How a command prints what it found.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    /// Columns for people.
    case table
    /// More columns.
    case wide
    /// One JSON document.
    case json
    /// One YAML document.
    case yaml
    /// Names only.
    case name
}

/// Columns that line up; the last one has no padding.
struct Table {
    private var rows: [[String]]

    init(_ header: [String]) { rows = [header] }

    mutating func add(_ row: [String]) { rows.append(row.map { $0.isEmpty ? "-" : $0 }) }

    var text: String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count + 3)
            }.joined()
        }.joined(separator: "\n")
    }
}

extension JSONValue {
    /// Prints the value as JSON or YAML.
    func printed(as format: OutputFormat) -> String {
        format == .yaml ? String(yaml.hasSuffix("\n") ? yaml.dropLast() : yaml[...]) : text(.pretty)
    }
}
