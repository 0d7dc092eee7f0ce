import CNITypes
import CoordinatorPlugin
import Glibc

exit(CNIPluginMain.run(CoordinatorPlugin(isDryRun: CommandLine.arguments.contains("--dry-run"))))
