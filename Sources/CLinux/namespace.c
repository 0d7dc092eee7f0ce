#define _GNU_SOURCE
#include "clinux.h"

#include <sched.h>

int clinux_enter_network_namespace(int descriptor) {
    return setns(descriptor, CLONE_NEWNET);
}

int clinux_unshare_network_namespace(void) {
    return unshare(CLONE_NEWNET);
}
