#ifndef CLINUX_H
#define CLINUX_H

/* What the C library declares only under _GNU_SOURCE, or as macros and variadic functions that Swift cannot import. */

/* setns(2) into the network namespace behind the descriptor: 0, or -1 and errno. */
int clinux_enter_network_namespace(int descriptor);

/* unshare(2) of the calling thread's network namespace: 0, or -1 and errno. */
int clinux_unshare_network_namespace(void);

/* Whether a network namespace is behind the descriptor (statfs(2), ioctl_ns(2)): 1, 0, or -1 and errno. */
int clinux_is_network_namespace(int descriptor);

/* eventfd(2) that starts at 0 and is closed by execve(2): a descriptor, or -1 and errno. */
int clinux_event_descriptor(void);

#endif
