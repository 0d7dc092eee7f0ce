# The network of the first act: three machines, each a network namespace, and containers on the one called node. Nothing
# is created in the namespace of the machine the demo runs on. Sourced by `run`, after stage.sh.
# shellcheck shell=bash

switch=${prefix}switch
node=${prefix}node
gateway=${prefix}gateway

# A switch (a bridge), a router on its first port, the node on its second.
lab_make() {
    local machine port
    for machine in switch gateway node; do machine_make "$machine"; done

    ip -n "$switch" link add bridge0 type bridge mcast_snooping 0
    ip -n "$switch" link set bridge0 up
    ip -n "$switch" link add port1 type veth peer name eth0 netns "$gateway"
    ip -n "$switch" link add port2 type veth peer name uplink netns "$node"
    for port in port1 port2; do
        ip -n "$switch" link set "$port" master bridge0 up
    done

    ip -n "$gateway" address add 10.77.0.1/24 dev eth0
    ip -n "$gateway" address add fd00:77::1/64 dev eth0 nodad
    ip -n "$gateway" link set eth0 up
    ip -n "$node" link set uplink up
}
