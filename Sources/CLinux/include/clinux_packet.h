#ifndef CLINUX_PACKET_H
#define CLINUX_PACKET_H

/* Packet sockets (packet(7)) and the filters on them, which the C library's module for Swift leaves out. */

#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#endif
