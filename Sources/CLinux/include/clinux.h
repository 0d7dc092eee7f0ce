#ifndef CLINUX_H
#define CLINUX_H

#include <sys/types.h>

/* What the C library declares only under _GNU_SOURCE, or as macros and variadic functions that Swift cannot import. */

/* setns(2) into the network namespace behind the descriptor: 0, or -1 and errno. */
int clinux_enter_network_namespace(int descriptor);

/* unshare(2) of the calling thread's network namespace: 0, or -1 and errno. */
int clinux_unshare_network_namespace(void);

/* Whether a network namespace is behind the descriptor (statfs(2), ioctl_ns(2)): 1, 0, or -1 and errno. */
int clinux_is_network_namespace(int descriptor);

/* eventfd(2) that starts at 0 and is closed by execve(2): a descriptor, or -1 and errno. */
int clinux_event_descriptor(void);

/* Links through ioctl(2), which is variadic and works on unions. All return 0, or -1 and errno. */

/* How long a text of clinux_link_driver is at most, with the zero after it. */
#define CLINUX_DRIVER_TEXT 33

/* ETHTOOL_GDRVINFO: the driver of a link in the network namespace of the socket, its version, the firmware and the bus address. */
int clinux_link_driver(int socket, const char *name, char *driver, char *version, char *firmware, char *bus);

/* TUNSETIFF: makes the descriptor of /dev/net/tun the end of a link; the kernel completes the name, which has 16 octets. */
int clinux_tun_attach(int descriptor, char *name, int carries_frames);

/* TUNSETOWNER, TUNSETGROUP: who may open the other end later. */
int clinux_tun_set_owner(int descriptor, uid_t owner);
int clinux_tun_set_group(int descriptor, gid_t group);

/* TUNSETPERSIST: whether the link stays when the descriptor is closed. */
int clinux_tun_set_persistent(int descriptor, int persistent);

#endif
