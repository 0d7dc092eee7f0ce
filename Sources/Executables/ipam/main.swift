import CNITypes
import EmbeddedStore
import Glibc
import IPAMPlugin

EmbeddedStore.useOneThread()
exit(CNIPluginMain.run(IPAMPlugin()))
