#include "clinux.h"

#include <sys/eventfd.h>

int clinux_event_descriptor(void) {
    return eventfd(0, EFD_CLOEXEC);
}
