#ifndef BARE_NETLINK_H
#define BARE_NETLINK_H

/* The least that a program can do to ask the kernel for links: the same request as the
   library's, without counters, and nothing of the answer is read but its headers. */

/* A socket in the namespace of the calling thread, or -1. */
int bare_netlink_open(void);

/* Asks for all links and returns how many were told, or -1. */
int bare_netlink_dump(int descriptor);

/* Asks for one link by its name; 0, or -1. */
int bare_netlink_by_name(int descriptor, const char *name);

#endif
