import CNITypes
import Glibc
import InterfacePlugin

exit(CNIPluginMain.run(InterfacePlugin()))
