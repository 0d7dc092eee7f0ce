import Glibc

/// Runs every group of rows, prints a table, and writes JSON where asked.
///
/// To add a row, add a contender to a group; to add a group, add a line to `groups`.
@main
enum Program {
    static let usage = """
        usage: ipam-benchmarks [--json FILE] [--ipam PATH] [--ifacer PATH] [--coordinator PATH] [--large]
                               [--only GROUP]...

          --json FILE   also write the results as JSON
          --ipam PATH   the ipam plugin, for the process rows
          --ifacer PATH the ifacer plugin, for the device rows
          --coordinator PATH  the coordinator plugin, for the coordinator rows
          --large       also a million addresses in use; takes minutes
          --only GROUP  only this group: slots, rivals, text, sets, engine, store, netlink,
                        process, calls, probe, devices, coordinator

        """

    static func main() {
        var json: String?
        var ipam: String?
        var ifacer: String?
        var coordinator: String?
        var only: [String] = []
        var arguments = CommandLine.arguments.dropFirst()
        var large = false
        while let option = arguments.popFirst() {
            if option == "--large" {
                large = true
                continue
            }
            guard ["--json", "--ipam", "--ifacer", "--coordinator", "--only"].contains(option),
                let value = arguments.popFirst()
            else {
                print(usage, terminator: "")
                exit(option == "--help" ? 0 : 64)
            }
            switch option {
            case "--json": json = value
            case "--ipam": ipam = value
            case "--ifacer": ifacer = value
            case "--coordinator": coordinator = value
            default: only.append(value)
            }
        }
        let groups: [(name: String, rows: () -> [Row])] = [
            ("slots", slotRows), ("rivals", rivalRows), ("text", textRows), ("sets", setRows), ("engine", engineRows),
            ("store", storeRows), ("netlink", netlinkRows), ("process", { processRows(ipam: ipam) }),
            ("calls", { callRows(ipam: ipam, large: large) }), ("probe", { probeRows(ipam: ipam) }),
            ("devices", { deviceRows(ifacer: ifacer) }),
            ("coordinator", { coordinatorRows(coordinator: coordinator) }),
        ]
        var rows: [Row] = []
        for group in groups where only.isEmpty || only.contains(group.name) { rows += group.rows() }
        let report = Report(machine: Machine(), rows: rows)
        print(report.table, terminator: "")
        if let json { write(report.json, to: json) }
    }
}
