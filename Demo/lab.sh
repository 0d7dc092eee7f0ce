# The demo's network: three machines, each a network namespace, and containers on the one called node. Nothing is
# created in the namespace of the machine the demo runs on. Sourced by `run`.
# shellcheck shell=bash

prefix=spdemo-
switch=${prefix}switch
node=${prefix}node
gateway=${prefix}gateway

lab_namespaces() { ip netns list | awk -v prefix="$prefix" 'index($1, prefix) == 1 { print $1 }'; }

# A switch (a bridge), a router on its first port, the node on its second.
lab_make() {
    local machine
    for machine in "$switch" "$gateway" "$node"; do
        ip netns add "$machine"
        ip -n "$machine" link set lo up
    done

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

# A container is a namespace with nothing but a loopback interface: the rest is the CNI plugins' work.
container_make() {
    ip netns add "$prefix$1"
    ip -n "$prefix$1" link set lo up
}

# Ends what still runs inside, then removes every namespace of the demo, with the links in them.
lab_remove() {
    local namespace pids
    for namespace in $(lab_namespaces); do
        pids=$(ip netns pids "$namespace" 2>/dev/null || true)
        # shellcheck disable=SC2086 # a list of process IDs
        [[ -z $pids ]] || kill -KILL $pids 2>/dev/null || true
        ip netns delete "$namespace" || true
    done
}
