import ArgumentParser
import EmbeddedStore
import IPAMCore
import IPAMPlugin
import JSONTree
import ManifestFile
import PoolModel

/// Plans an import, carries it out if that is wanted, and reports.
struct ImportRun {
    private let source: ImportSource
    private let options: ImportOptions
    private let state: StateFile

    init(_ source: ImportSource, _ options: ImportOptions, _ state: StateFile) {
        self.source = source
        self.options = options
        self.state = state
    }

    /// An import of manifests.
    func run(_ reading: ImportReading, _ documents: [ManifestDocument]) throws {
        func place(_ problem: ImportReading.Problem) -> String {
            documents[problem.index].errors(for: [problem.error]).map { "\($0)" }.joined()
        }
        do {
            try run(reading, describe: place)
        } catch let refused as RefusedResources {
            let lines = refused.refusals.flatMap { refusal in
                documents[reading.resources[refusal.index].index].errors(for: refusal.reason.errors)
            }
            throw Failure(lines.map { "\($0)" }.joined(separator: "\n") + "\nNothing was changed.")
        }
    }

    /// An import; `describe` says a problem with its place.
    func run(_ reading: ImportReading, describe: (ImportReading.Problem) -> String) throws {
        var store =
            if !options.apply {
                try state.openOrPretend()
            } else if reading.resources.isEmpty {
                try state.open()
            } else {
                try state.create()
            }
        let facts = HostFacts.system
        let circumstances = ImportCircumstances(
            source: source, now: state.now, bootID: facts.bootID(),
            node: state.hostSettings.nodeName ?? facts.hostName(), assumedInterface: options.interface)
        let outcome: ImportOutcome
        do throws(TransactionFailure<EmbeddedStore.ApplyFailure>) {
            outcome = try store.adopt(reading, circumstances) { plan in
                options.apply && (options.skipConflicts || plan.conflicts.isEmpty && reading.problems.isEmpty)
            }
        } catch {
            if case .refused(.refused(let refused)) = error { throw refused }
            throw Failure(error)
        }
        let problems = reading.problems.map(describe)
        switch options.output {
        case .json, .yaml: print(outcome.tree(problems).printed(as: options.output))
        case .name: for entry in outcome.plan.adoptions { print(entry.claim.address) }
        case .table, .wide: show(outcome, problems)
        }
        let obstacles = outcome.plan.conflicts.count + problems.count
        guard obstacles == 0 || outcome.isApplied else { throw ExitCode.failure }
    }

    private func show(_ outcome: ImportOutcome, _ problems: [String]) {
        for resource in outcome.resources {
            let text = resource.outcome == .unchanged ? "exists, and stays as it is" : resource.outcome.rawValue
            print("\(resource.kind.singular)/\(resource.name) \(text)\(outcome.isApplied ? "" : " (not applied)")")
            for warning in resource.warnings {
                Standard.error("warning: \(resource.kind.singular)/\(resource.name): \(warning)")
            }
        }
        let isWide = options.output == .wide
        var table = Table(
            ["ADDRESS", "POOL", "OWNER", "INTERFACE", "CONTAINER", "VERDICT"] + (isWide ? ["FILE"] : []) + ["REASON"])
        for entry in outcome.plan.entries {
            let claim = entry.claim
            table.add(
                [
                    claim.address.description, entry.verdict.pool, claim.owner.name.isEmpty ? "" : claim.owner.text,
                    entry.interface,
                    isWide ? claim.containerID : String(claim.containerID.prefix(12)), entry.verdict.word,
                ] + (isWide ? [claim.file] : []) + [entry.reason])
        }
        if !outcome.plan.entries.isEmpty { print(table.text) }
        for problem in problems { print("unreadable: \(problem)") }
        print(summary(outcome, problems))
    }

    private func summary(_ outcome: ImportOutcome, _ problems: [String]) -> String {
        let plan = outcome.plan
        let present = plan.entries.count - plan.adoptions.count - plan.conflicts.count
        var parts = ["\(plan.adoptions.count) \(outcome.isApplied ? "adopted" : "to adopt")"]
        if present > 0 { parts.append("\(present) there already") }
        let obstacles = plan.conflicts.count + problems.count
        if !plan.conflicts.isEmpty {
            parts.append("\(plan.conflicts.count) conflict\(plan.conflicts.count == 1 ? "" : "s")")
        }
        if !problems.isEmpty { parts.append("\(problems.count) unreadable") }
        let text = parts.joined(separator: ", ") + "."
        if outcome.isApplied { return text }
        if obstacles > 0 {
            return "\(text) Nothing was changed; resolve what stands in the way, or leave it out with "
                + "--apply --skip-conflicts."
        }
        return "\(text) Nothing was changed; adopt with --apply."
    }
}

extension ImportPlan.Verdict {
    fileprivate var word: String {
        switch self {
        case .adopt: "adopt"
        case .present: "there already"
        case .conflict: "conflict"
        }
    }

    fileprivate var pool: String {
        switch self {
        case .adopt(let pool), .present(let pool): pool
        case .conflict: ""
        }
    }
}

extension ImportPlan.Entry {
    /// Why it is a conflict, or what to know about it.
    fileprivate var reason: String {
        if case .conflict(let reason) = verdict { return reason }
        return warnings.joined(separator: "; ")
    }

    /// The record for programs; members without a value are left out.
    fileprivate var tree: JSONValue {
        let texts: [(String, String)] = [
            ("address", claim.address.description), ("pool", verdict.pool), ("namespace", claim.owner.namespace),
            ("name", claim.owner.name), ("uid", claim.owner.uid), ("interface", interface),
            ("containerID", claim.containerID), ("network", claim.network), ("node", claim.node), ("file", claim.file),
            ("verdict", verdict.word),
        ]
        var members = texts.filter { !$0.1.isEmpty }.map { ($0.0, JSONValue.string($0.1)) }
        if case .conflict(let reason) = verdict { members.append(("reason", .string(reason))) }
        if !warnings.isEmpty { members.append(("warnings", .strings(warnings))) }
        return .object(JSONObject(members))
    }
}

extension ImportOutcome {
    /// The report for programs.
    fileprivate func tree(_ problems: [String]) -> JSONValue {
        let applied = resources.map { resource -> JSONValue in
            [
                "resource": .string("\(resource.kind.singular)/\(resource.name)"),
                "outcome": .string(resource.outcome.rawValue),
            ]
        }
        return [
            "applied": .bool(isApplied), "resources": .array(applied), "claims": .array(plan.entries.map(\.tree)),
            "unreadable": .strings(problems),
        ]
    }
}
