#ifndef CLINUX_H
#define CLINUX_H

/* What the C library declares only under _GNU_SOURCE, or as macros and variadic functions that Swift cannot import. */

/* setns(2) into the network namespace behind the descriptor: 0, or -1 and errno. */
int clinux_enter_network_namespace(int descriptor);

/* unshare(2) of the calling thread's network namespace: 0, or -1 and errno. */
int clinux_unshare_network_namespace(void);

#endif
