#include "bare_netlink.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

static char buffer[1 << 16];

int bare_netlink_open(void) {
    int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    int one = 1;
    if (descriptor >= 0) setsockopt(descriptor, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &one, sizeof one);
    return descriptor;
}

struct request {
    struct nlmsghdr header;
    struct ifinfomsg link;
    struct rtattr mask_attribute;
    unsigned mask;
    struct rtattr attribute;
    char name[16];
};

static struct request get_link(unsigned short flags) {
    struct request request;
    memset(&request, 0, sizeof request);
    request.header.nlmsg_len = NLMSG_LENGTH(sizeof request.link);
    request.header.nlmsg_type = RTM_GETLINK;
    request.header.nlmsg_flags = NLM_F_REQUEST | flags;
    request.mask_attribute.rta_type = IFLA_EXT_MASK;
    request.mask_attribute.rta_len = RTA_LENGTH(sizeof request.mask);
    request.mask = RTEXT_FILTER_SKIP_STATS;
    request.header.nlmsg_len += RTA_ALIGN(request.mask_attribute.rta_len);
    return request;
}

int bare_netlink_dump(int descriptor) {
    struct request request = get_link(NLM_F_DUMP);
    if (send(descriptor, &request, request.header.nlmsg_len, 0) < 0) return -1;
    for (int links = 0;;) {
        int count = recv(descriptor, buffer, sizeof buffer, 0);
        if (count < 0) return -1;
        for (struct nlmsghdr *header = (void *)buffer; NLMSG_OK(header, count); header = NLMSG_NEXT(header, count)) {
            if (header->nlmsg_type == NLMSG_ERROR) return -1;
            if (header->nlmsg_type == NLMSG_DONE) return links;
            links++;
        }
    }
}

int bare_netlink_by_name(int descriptor, const char *name) {
    struct request request = get_link(0);
    request.attribute.rta_type = IFLA_IFNAME;
    request.attribute.rta_len = RTA_LENGTH(strlen(name) + 1);
    strncpy(request.name, name, sizeof request.name - 1);
    request.header.nlmsg_len += RTA_ALIGN(request.attribute.rta_len);
    if (send(descriptor, &request, request.header.nlmsg_len, 0) < 0) return -1;
    if (recv(descriptor, buffer, sizeof buffer, 0) < 0) return -1;
    return ((struct nlmsghdr *)buffer)->nlmsg_type == RTM_NEWLINK ? 0 : -1;
}
