#include "clinux.h"

#include <linux/ethtool.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>

static void copy(char *text, const char *field, size_t size) {
    memcpy(text, field, size);
    text[size] = 0;
}

int clinux_link_driver(int socket, const char *name, char *driver, char *version, char *firmware, char *bus) {
    struct ethtool_drvinfo info = {.cmd = ETHTOOL_GDRVINFO};
    struct ifreq request = {.ifr_data = (void *)&info};
    strncpy(request.ifr_name, name, IF_NAMESIZE - 1);
    if (ioctl(socket, SIOCETHTOOL, &request) != 0)
        return -1;
    copy(driver, info.driver, sizeof info.driver);
    copy(version, info.version, sizeof info.version);
    copy(firmware, info.fw_version, sizeof info.fw_version);
    copy(bus, info.bus_info, sizeof info.bus_info);
    return 0;
}

int clinux_tun_attach(int descriptor, char *name, int carries_frames) {
    struct ifreq request = {.ifr_flags = IFF_NO_PI | (carries_frames ? IFF_TAP : IFF_TUN)};
    strncpy(request.ifr_name, name, IF_NAMESIZE - 1);
    if (ioctl(descriptor, TUNSETIFF, &request) != 0)
        return -1;
    memcpy(name, request.ifr_name, IF_NAMESIZE);
    return 0;
}

int clinux_tun_set_owner(int descriptor, uid_t owner) {
    return ioctl(descriptor, TUNSETOWNER, (unsigned long)owner);
}

int clinux_tun_set_group(int descriptor, gid_t group) {
    return ioctl(descriptor, TUNSETGROUP, (unsigned long)group);
}

int clinux_tun_set_persistent(int descriptor, int persistent) {
    return ioctl(descriptor, TUNSETPERSIST, (unsigned long)persistent);
}
