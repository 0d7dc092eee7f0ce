#define _GNU_SOURCE
#include "clinux.h"

#include <errno.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>

int clinux_enter_network_namespace(int descriptor) {
    return setns(descriptor, CLONE_NEWNET);
}

int clinux_unshare_network_namespace(void) {
    return unshare(CLONE_NEWNET);
}

int clinux_is_network_namespace(int descriptor) {
    struct statfs file_system;
    if (fstatfs(descriptor, &file_system) != 0)
        return -1;
    /* Other files may give the same number of ioctl(2) another meaning: it is sent to namespaces only. */
    if (file_system.f_type != NSFS_MAGIC && file_system.f_type != PROC_SUPER_MAGIC)
        return 0;
    int kind = ioctl(descriptor, NS_GET_NSTYPE);
    if (kind < 0)
        return errno == ENOTTY ? 0 : -1;
    return kind == CLONE_NEWNET;
}
