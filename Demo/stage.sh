# What the acts of the demo have in common: one at a time, namespaces and a folder of their own, nothing left behind.
# Sourced by `run` and `coordinate`.
# shellcheck shell=bash

prefix=spdemo-

# Begins an act: sets $work, a folder, and $store, the file of the pools in it.
stage() {
    [[ $EUID -eq 0 ]] || {
        echo 'demo: network namespaces need root: sudo make demo' >&2
        exit 1
    }
    # One demo at a time on a machine: the names of its namespaces are fixed.
    exec 9</tmp
    flock --nonblock 9 || {
        echo 'demo: another one is running on this machine' >&2
        exit 1
    }
    work=$(mktemp --directory --tmpdir spdemo-XXXXXX)
    store=$work/ipam.db
    trap leave EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 141' PIPE
    trap 'exit 143' TERM

    # What a demo that was killed may have left.
    stage_clear
    local folder
    for folder in "${work%-*}"-*; do [[ $folder == "$work" ]] || rm -rf "$folder"; done

    mkdir "$work/cni" "$work/answers"
    ln -s "$PWD/.build/dist/ipam" "$work/cni/spiderpool"
    ln -s "$PWD/.build/dist/coordinator" "$work/cni/coordinator"
    ln -s /usr/lib/cni/macvlan "$work/cni/macvlan"
}

leave() {
    local status=$?
    trap '' INT TERM HUP PIPE
    set +e
    heading 'Clean-up'
    # shellcheck disable=SC2046 # a list of process IDs
    kill $(jobs -p) 2>/dev/null
    wait
    stage_clear
    rm -rf "$work"
    local left
    left=$(stage_namespaces)
    if [[ -n $left || -e $work ]]; then
        echo "Left behind: $left $work"
        exit 1
    fi
    echo 'Namespaces with their links, and the temporary folder, are gone. Nothing is left.'
    exit "$status"
}

stage_namespaces() { ip netns list | awk -v prefix="$prefix" 'index($1, prefix) == 1 { print $1 }'; }

# Ends what still runs inside, then removes every namespace of the demo, with the links in them.
stage_clear() {
    local namespace pids
    for namespace in $(stage_namespaces); do
        pids=$(ip netns pids "$namespace" 2>/dev/null || true)
        # shellcheck disable=SC2086 # a list of process IDs
        [[ -z $pids ]] || kill -KILL $pids 2>/dev/null || true
        ip netns delete "$namespace" || true
    done
}

# A machine or a container: a namespace with nothing but a loopback interface.
machine_make() {
    ip netns add "$prefix$1"
    ip -n "$prefix$1" link set lo up
}

# Runs a command in one of them.
inside() {
    local machine=$1
    shift
    ip netns exec "$prefix$machine" "$@"
}

heading() { printf '\n%s\n%s\n' "$1" "${1//?/-}"; }
indented() { sed 's/^/  /'; }

# Shows a command as one would type it, runs it, shows what it prints; has its status.
show() {
    echo "  \$ $*"
    local status=0
    "$@" 2>"$work/stderr" | indented || status=$?
    indented <"$work/stderr"
    echo
    return "$status"
}

spiderpoolctl() { .build/dist/spiderpoolctl --store "$store" "$@"; }

# cni PLUGIN COMMAND CONTAINER INTERFACE: what a container runtime does, with the configuration from standard input.
# Prints the plugin's answer; its status is the plugin's.
cni() {
    ip netns exec "${prefix}node" env \
        CNI_COMMAND="$2" CNI_CONTAINERID="$3" CNI_IFNAME="$4" CNI_NETNS="/run/netns/$prefix$3" CNI_PATH="$work/cni" \
        CNI_ARGS="IgnoreUnknown=1;K8S_POD_NAMESPACE=demo;K8S_POD_NAME=$3" \
        "$work/cni/$1" 9<&-
}
