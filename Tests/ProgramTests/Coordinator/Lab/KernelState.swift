import JSONTree
import Testing

/// What the kernel holds in a namespace, one sorted line for each object, read by ip(8).
///
/// Left out are the loopback link, link-local addresses and their connected routes, table `local`, the stock rules, and
/// neighbours that the kernel learned. What is usual is not written: protocol `boot`, global scope, metric 1024 of IPv6.
///
///     link veth0 mtu 1500 up
///     rule/4 1101 from 172.23.4.10 lookup 101
///     101/4 default via 172.23.0.1 dev net1
///     neigh 172.22.0.11 dev veth0 lladdr HH
struct KernelState: Equatable {
    var lines: [String]

    init(lines: [String]) { self.lines = lines.sorted() }

    /// Lines as text, in any order; blank lines and runs of blanks do not count.
    init(text: String) {
        let lines = text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        self.init(lines: lines.filter { !$0.isEmpty })
    }

    /// Reads a namespace; for a MAC address, which is another one in every run, a name is written.
    init(of space: Space, naming names: [String: String] = [:]) throws {
        // Of all tables routes of both families are shown; rules are those of IPv4 unless said.
        let requests = [
            (
                ["ip", "-d", "-j", "-batch", "-"],
                "addr show\nneigh show nud permanent\nrule show\nroute show table all\n"
            ),
            (["ip", "-6", "-j", "-batch", "-"], "rule show\n"),
        ]
        let answers = try requests.map { arguments, input in
            try space.perform { try RunningProgram(arguments, input: input, in: space.folder) }
        }.map { program in
            let outcome = program.wait()
            try #require(outcome.status == 0, "\(outcome.diagnostics)")
            return outcome.output
        }
        let objects = try answers.flatMap { $0.split(separator: "\n") }.map { line in
            try JSONValue(parsing: String(line)).arrayValue ?? []
        }
        try #require(objects.count == 5, "\(answers)")
        var lines = objects[0].flatMap(Self.link)
        lines += objects[1].map { Self.neighbor($0, names) }
        lines += objects[2].compactMap { Self.rule($0, "4") } + objects[4].compactMap { Self.rule($0, "6") }
        // Only routes of IPv6 have a preference (RFC 4191).
        lines += objects[3].compactMap { Self.route($0, $0["pref"] == nil ? "4" : "6") }
        self.lines = lines.sorted()
    }

    /// The same without some lines.
    func without(_ isLeftOut: (String) -> Bool) -> KernelState { KernelState(lines: lines.filter { !isLeftOut($0) }) }

    /// The lines that begin with a text.
    func lines(_ prefix: String) -> [String] { lines.filter { $0.hasPrefix(prefix) } }

    /// What is here and not there, each line as often as it is more.
    func subtracting(_ other: KernelState) -> [String] {
        var counts: [String: Int] = [:]
        for line in other.lines { counts[line, default: 0] += 1 }
        return lines.filter { line in
            counts[line, default: 0] -= 1
            return counts[line, default: 0] < 0
        }
    }
}

extension KernelState {
    private static func link(_ object: JSONValue) -> [String] {
        guard let name = object["ifname"]?.stringValue, name != "lo" else { return [] }
        let flags = (object["flags"]?.arrayValue ?? []).compactMap(\.stringValue)
        var line = "link \(name) mtu \(object["mtu"]?.int64Value ?? 0) \(flags.contains("UP") ? "up" : "down")"
        if let alias = object["ifalias"]?.stringValue { line += " alias \(alias)" }
        let addresses = (object["addr_info"]?.arrayValue ?? []).compactMap { info -> String? in
            guard let local = info["local"]?.stringValue, !local.hasPrefix("fe80:") else { return nil }
            return "addr \(local)/\(info["prefixlen"]?.int64Value ?? -1) dev \(name)"
        }
        return [line] + addresses
    }

    private static func neighbor(_ object: JSONValue, _ names: [String: String]) -> String {
        let mac = object["lladdr"]?.stringValue ?? "none"
        return "neigh \(object["dst"]?.stringValue ?? "?") dev \(object["dev"]?.stringValue ?? "?")"
            + " lladdr \(names[mac] ?? mac)"
    }

    private static func rule(_ object: JSONValue, _ family: String) -> String? {
        let priority = object["priority"]?.int64Value ?? -1
        guard priority != 0, priority < 32766 else { return nil }
        var line = "rule/\(family) \(priority)"
        if let source = object["src"]?.stringValue, source != "all" {
            line += " from \(source)"
            if let length = object["srclen"]?.int64Value { line += "/\(length)" }
        }
        if let target = object["dst"]?.stringValue { line += " to \(target)" }
        if let mark = object["fwmark"]?.stringValue { line += " fwmark \(mark)" }
        if let mask = object["fwmask"]?.stringValue { line += "/\(mask)" }
        return line + " lookup \(object["table"]?.stringValue ?? "?")"
    }

    private static func route(_ object: JSONValue, _ family: String) -> String? {
        let table = object["table"]?.stringValue ?? "main"
        let destination = object["dst"]?.stringValue ?? "?"
        guard table != "local", !destination.hasPrefix("fe80::"), object["dev"]?.stringValue != "lo" else { return nil }
        var line = "\(table)/\(family) "
        if let type = object["type"]?.stringValue, type != "unicast" { line += "\(type) " }
        line += destination + hop(object)
        for hop in object["nexthops"]?.arrayValue ?? [] { line += " nexthop" + Self.hop(hop) }
        if let name = object["protocol"]?.stringValue, name != "boot" { line += " proto \(name)" }
        if let scope = object["scope"]?.stringValue, scope != "global" { line += " scope \(scope)" }
        if let source = object["prefsrc"]?.stringValue { line += " src \(source)" }
        if let metric = object["metric"]?.int64Value, family == "4" || metric != 1024 { line += " metric \(metric)" }
        for metric in object["metrics"]?.arrayValue ?? [] {
            for member in metric.objectValue?.members ?? [] { line += " \(member.key) \(member.value)" }
        }
        return line
    }

    private static func hop(_ object: JSONValue) -> String {
        var line = ""
        if let gateway = object["gateway"]?.stringValue { line += " via \(gateway)" }
        if let link = object["dev"]?.stringValue { line += " dev \(link)" }
        if object["flags"]?.arrayValue?.contains("onlink") == true { line += " onlink" }
        return line
    }
}

/// Fails with the lines that are missing and those that are too many, and says whether there were none.
@discardableResult
func expect(
    _ state: KernelState, is expected: KernelState, _ comment: @autoclosure () -> String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) -> Bool {
    guard state != expected else { return true }
    let missing = expected.subtracting(state).map { "\n    - \($0)" }
    let surplus = state.subtracting(expected).map { "\n    + \($0)" }
    Issue.record("\(comment())\((missing + surplus).joined())", sourceLocation: sourceLocation)
    return false
}

/// The same with the expected lines as text.
@discardableResult
func expect(
    _ state: KernelState, is text: String, _ comment: @autoclosure () -> String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) -> Bool {
    expect(state, is: KernelState(text: text), comment(), sourceLocation: sourceLocation)
}
