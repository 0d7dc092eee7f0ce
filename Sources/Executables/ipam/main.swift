import CNITypes
import Glibc
import IPAMPlugin

exit(CNIPluginMain.run(IPAMPlugin()))
