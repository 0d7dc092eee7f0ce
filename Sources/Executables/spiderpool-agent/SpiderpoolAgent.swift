import ArgumentParser
import PluginLog

@main
struct SpiderpoolAgent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spiderpool-agent",
        abstract: "Give addresses to the Pods of a node.",
        version: "spiderpool-agent \(ProgramVersion.text)",
        subcommands: [DaemonCommand.self])
}
