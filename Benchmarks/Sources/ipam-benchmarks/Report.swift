/// The results in two forms.
struct Report {
    let machine: Machine
    let rows: [Row]

    /// A table for people.
    var table: String {
        let headings = ["", "median", "unit", "min … max", "allocations", "target", ""]
        let lines = rows.map { row in
            [
                row.name, decimal(row.median), row.unit,
                row.samples > 1 ? "\(decimal(row.minimum)) … \(decimal(row.maximum))" : "",
                row.allocations.map { $0 == 0 ? "0" : $0 < 0.01 ? "< 0.01" : decimal($0) } ?? "",
                row.target?.text ?? "", row.isReached.map { $0 ? "reached" : "MISSED" } ?? "",
            ]
        }
        let widths = headings.indices.map { column in
            (lines + [headings]).map { $0[column].count }.max() ?? 0
        }
        func layout(_ cells: [String]) -> String {
            cells.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - cells[column].count)
                return column == 1 || column == 4 ? padding + cells[column] : cells[column] + padding
            }.joined(separator: "  ")
        }
        var text = "\(machine.processor), \(machine.cores) cores, Linux \(machine.kernel), \(machine.swift)\n"
        var group = ""
        for (row, line) in zip(rows, lines) {
            if row.group != group {
                group = row.group
                text += "\n\(group)\n" + layout(headings) + "\n"
            }
            text += layout(line) + "\n"
        }
        return text
    }

    /// One JSON object for programs.
    var json: String {
        let objects = rows.map { row in
            var members = [
                "\"group\": \(quoted(row.group))", "\"name\": \(quoted(row.name))", "\"unit\": \(quoted(row.unit))",
                "\"median\": \(row.median)", "\"min\": \(row.minimum)", "\"max\": \(row.maximum)",
                "\"samples\": \(row.samples)",
            ]
            if let allocations = row.allocations { members.append("\"allocations\": \(allocations)") }
            switch row.target {
            case .atMost(let limit): members.append("\"atMost\": \(limit)")
            case .atLeast(let limit): members.append("\"atLeast\": \(limit)")
            case nil: break
            }
            if let isReached = row.isReached { members.append("\"reached\": \(isReached)") }
            return "    {" + members.joined(separator: ", ") + "}"
        }
        return """
            {
              "machine": {"processor": \(quoted(machine.processor)), "cores": \(machine.cores), \
            "kernel": \(quoted(machine.kernel)), "swift": \(quoted(machine.swift))},
              "rows": [
            \(objects.joined(separator: ",\n"))
              ]
            }

            """
    }

    private func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\" + String(scalar)
            case _ where scalar.value < 0x20: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
