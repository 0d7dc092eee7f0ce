import CNITypes
import Glibc
import InterfacePlugin

let arguments = Array(CommandLine.arguments.dropFirst())
exit(InterfaceTool.run(arguments) ?? CNIPluginMain.run(InterfacePlugin()))
