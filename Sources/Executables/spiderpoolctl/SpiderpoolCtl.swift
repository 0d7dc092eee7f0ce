import PluginLog
import ArgumentParser
import IPAMPlugin

@main
struct SpiderpoolCtl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spiderpoolctl",
        abstract: "Look after pools and addresses of this host.",
        discussion: """
            Works on the state file of the embedded mode. Which file that is says --store, or "store" in \
            \(HostSettings.defaultPath), or else it is the default path.

            Exit codes: 0 when done, 1 when refused or failed (the reason is on standard error), 64 when the command \
            line is wrong.
            """,
        version: ProgramVersion.text,
        subcommands: [
            Apply.self, Get.self, Delete.self, Claims.self, History.self, Explain.self, Release.self, Check.self,
            Backup.self, Export.self, Import.self,
        ])

    @OptionGroup var location: StoreLocation
}
