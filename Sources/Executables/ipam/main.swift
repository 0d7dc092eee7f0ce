import CNITypes
import EmbeddedStore
import Glibc
import IPAMPlugin
import IPAMProbe

EmbeddedStore.useOneThread()
exit(CNIPluginMain.run(IPAMPlugin(wireProbe: .system)))
