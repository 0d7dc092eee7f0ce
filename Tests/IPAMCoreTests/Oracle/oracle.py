"""Random cases answered by Python's ipaddress module.

    oracle.py OPERATION SEED COUNT

prints COUNT lines `input<TAB>expected`; the same arguments give the same lines on one version of Python.
`oracle.py` alone lists the operations. Only the standard library is needed.
"""

import ipaddress
import random
import sys
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

WIDTH = {4: 32, 6: 128}
ADDRESS = {4: IPv4Address, 6: IPv6Address}
NETWORK = {4: IPv4Network, 6: IPv6Network}
LARGEST_COUNT = 2**128 - 1


# Text that does not depend on the version of Python: 3.13 writes IPv4-mapped addresses with a dotted tail.

def text(address):
    if address.version == 6:
        number = int(address)
        if number >> 32 == 0xFFFF:
            return "::ffff:" + str(IPv4Address(number & 0xFFFFFFFF))
    return str(address)


def network_text(network):
    return f"{text(network.network_address)}/{network.prefixlen}"


def join(items):
    return " ".join(items)


# Random values, more often than chance would have it near places where arithmetic goes wrong.

def number(rng, version):
    width = WIDTH[version]
    kind = rng.getrandbits(3)
    if kind < 3:
        return rng.getrandbits(width)
    if kind == 3:
        return rng.getrandbits(4)
    if kind == 4:
        return (1 << width) - 1 - rng.getrandbits(4)
    if kind == 5:
        return ((1 << rng.randrange(width)) + rng.randrange(-2, 3)) % (1 << width)
    if version == 6 and kind == 6:
        return 0xFFFF << 32 | rng.getrandbits(32)
    step = width // 8 if version == 4 else 16
    bits = rng.getrandbits(width)
    for index in range(width // step):
        if rng.getrandbits(1):
            bits &= ~(((1 << step) - 1) << (index * step))
    return bits


def version(rng):
    return 6 if rng.getrandbits(1) else 4


def spelled(rng, bits):
    """An IPv6 address in any legal spelling: case, zero padding, place of "::", dotted tail."""
    groups = [bits >> shift & 0xFFFF for shift in range(112, -1, -16)]
    style = rng.getrandbits(8)
    tail = []
    if style & 3 == 0:
        tail = [str(IPv4Address(bits & 0xFFFFFFFF))]
        groups = groups[:6]
    parts = []
    for group in groups:
        part = f"{group:04x}" if style & 4 and rng.getrandbits(1) else f"{group:x}"
        parts.append(part.upper() if style & 8 and rng.getrandbits(1) else part)
    zeros = [index for index, group in enumerate(groups) if group == 0]
    if zeros and style & 0x70:
        start = rng.choice(zeros)
        end = start + 1
        while end < len(groups) and groups[end] == 0 and (style & 0x80 or rng.getrandbits(2)):
            end += 1
        return ":".join(parts[:start]) + "::" + ":".join(parts[end:] + tail)
    return ":".join(parts + tail)


def mutated(rng, string):
    """The text with one to three bytes changed, added or taken away."""
    for _ in range(rng.randrange(1, 4)):
        place = rng.randrange(len(string) + 1)
        kind = rng.getrandbits(2)
        if kind == 0:
            string = string[:place] + string[place + 1 :]
        elif kind == 1:
            string = string[:place] + rng.choice(MUTATIONS) + string[place:]
        elif kind == 2:
            string = string[:place] + rng.choice(MUTATIONS) + string[place + 1 :]
        else:
            other = rng.randrange(len(string) + 1)
            string = string[:place] + string[min(place, other) : max(place, other)] + string[place:]
    return string


MUTATIONS = "0123456789" * 2 + "abcdefABCDEF" + ":./" * 6 + "%-+ xgG_１é"


def kin(rng, version, spread=5):
    """A function that makes prefixes of one neighbourhood, so that they contain and touch one another often."""
    width = WIDTH[version]
    length = rng.randrange(width - spread + 1)
    base = number(rng, version) >> (width - length) << (width - length)

    def make():
        longer = rng.randrange(spread + 1)
        host = width - length - longer
        return NETWORK[version]((base | rng.getrandbits(longer) << host if longer else base, length + longer))

    return make


# The operations: each yields one case.

def ipv4_text(rng):
    bits = number(rng, 4)
    canonical = ".".join(str(bits >> shift & 255) for shift in (24, 16, 8, 0))
    return canonical, f"{int(IPv4Address(canonical))} {IPv4Address(bits)}"


def ipv6_text(rng):
    string = spelled(rng, number(rng, 6))
    address = IPv6Address(string)
    return string, f"{int(address)} {text(address)}"


def refusal(rng):
    """Deliberate difference: zones are refused here and accepted by Python."""
    of = version(rng)
    string = mutated(rng, spelled(rng, number(rng, 6)) if of == 6 else str(IPv4Address(number(rng, 4))))
    if "%" in string:
        return string, "refused"
    try:
        return string, text(ipaddress.ip_address(string))
    except ValueError:
        return string, "refused"


def network_refusal(rng):
    """Deliberate differences: zones, netmasks, a missing length and lengths with leading zeros are refused here."""
    of = version(rng)
    address = spelled(rng, number(rng, 6)) if of == 6 else str(IPv4Address(number(rng, 4)))
    string = mutated(rng, f"{address}/{rng.randrange(WIDTH[of] + 2)}")
    length = string.partition("/")[2]
    ours = length.isascii() and length.isdigit() and (length == "0" or length[0] != "0")
    if "%" in string or not ours:
        return string, "refused"
    try:
        return string, network_text(ipaddress.ip_network(string, strict=False))
    except ValueError:
        return string, "refused"


BLOCKS = {
    "loopback": ["127.0.0.0/8", "::1/128"],
    "link-local": ["169.254.0.0/16", "fe80::/10"],
    "multicast": ["224.0.0.0/4", "ff00::/8"],
    "private": ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
    "shared": ["100.64.0.0/10"],
    "this-network": ["0.0.0.0/8"],
    "documentation": ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"],
    "benchmarking": ["198.18.0.0/15"],
    "protocol": ["192.0.0.0/24"],
    "site-local": ["fec0::/10"],
    "global-unicast": ["2000::/3"],
    "6to4": ["2002::/16"],
    "nat64": ["64:ff9b::/96"],
    "discard": ["100::/64"],
    "mapped": ["::ffff:0:0/96"],
}
BLOCKS = {name: [ipaddress.ip_network(block) for block in blocks] for name, blocks in BLOCKS.items()}
EDGES = [int(block[end]) + step for blocks in BLOCKS.values() for block in blocks for end in (0, -1) for step in (-1, 0, 1)]
SPANS = [
    (name, block.version, int(block[0]), int(block[-1])) for name, blocks in BLOCKS.items() for block in blocks
]


def predicates(rng):
    of = version(rng)
    bits = rng.choice(EDGES) if rng.getrandbits(1) else number(rng, of)
    address = ADDRESS[of](bits % (1 << WIDTH[of]))
    bits = int(address)
    names = {name for name, family, first, last in SPANS if family == of and first <= bits <= last}
    return text(address), join(sorted(names)) or "-"


def arithmetic(rng):
    of = version(rng)
    address = ADDRESS[of](number(rng, of))
    offset = number(rng, rng.choice((of, 6)))
    other = ADDRESS[of](number(rng, of))

    def moved(by):
        try:
            return text(address + by)
        except ipaddress.AddressValueError:
            return "nil"

    distance = int(other) - int(address)
    answers = [moved(offset), moved(-offset), str(distance) if distance >= 0 else "nil"]
    return f"{text(address)} {offset} {text(other)}", join(answers)


def network_text_reading(rng):
    of = version(rng)
    bits = number(rng, of)
    length = rng.randrange(WIDTH[of] + 1)
    if rng.getrandbits(1):
        bits = bits >> (WIDTH[of] - length) << (WIDTH[of] - length)
    address = spelled(rng, bits) if of == 6 else str(IPv4Address(bits))
    string = f"{address}/{length}"
    canonical = network_text(NETWORK[of](string, strict=False))
    try:
        NETWORK[of](string)
        strict = "accepted" if string == canonical else "spelling"
    except ValueError:
        strict = "host-bits"
    return string, f"{strict} {canonical}"


def network_values(rng):
    of = version(rng)
    network = kin(rng, of)()
    higher = rng.randrange(network.prefixlen + 1)
    deeper = min(network.prefixlen + rng.randrange(4), WIDTH[of])
    answers = [
        text(network.broadcast_address),
        text(network.netmask),
        str(min(network.num_addresses, LARGEST_COUNT)),
        network_text(network.supernet()) if network.prefixlen else "nil",
        network_text(network.supernet(new_prefix=higher)),
        *map(network_text, network.subnets(new_prefix=deeper)),
    ]
    return f"{network_text(network)} {higher} {deeper}", join(answers)


def network_relations(rng):
    of = version(rng)
    make = kin(rng, of, min(4, WIDTH[of]))
    first, second = make(), make()
    address = second[rng.choice((0, -1))]
    answers = [
        second.subnet_of(first),
        first.overlaps(second),
        address in first,
        first < second,
        int(first[-1]) + 1 == int(second[0]) or int(second[-1]) + 1 == int(first[0]),
    ]
    return f"{network_text(first)} {network_text(second)} {text(address)}", join("ny"[answer] for answer in answers)


def cover(rng):
    of = version(rng)
    top = (1 << WIDTH[of]) - 1
    first = number(rng, of)
    if rng.randrange(50) == 0:
        last = number(rng, of)
    else:
        last = min(first + rng.getrandbits(rng.randrange(8)), top)
    if rng.getrandbits(2) == 0:
        # Ends on borders of many bits: few, large prefixes.
        shift = rng.randrange(WIDTH[of])
        first, last = first >> shift << shift, (last >> shift << shift) + (1 << shift) - 1
    first, last = min(first, last), max(first, last)
    networks = ipaddress.summarize_address_range(ADDRESS[of](first), ADDRESS[of](last))
    size = min(last - first + 1, LARGEST_COUNT)
    return f"{text(ADDRESS[of](first))} {text(ADDRESS[of](last))}", f"{size} {join(map(network_text, networks))}"


def union(rng):
    make = kin(rng, version(rng))
    networks = [make() for _ in range(rng.randrange(1, 7))]
    return join(map(network_text, networks)), join(map(network_text, ipaddress.collapse_addresses(networks)))


def difference(rng):
    make = kin(rng, version(rng))
    networks = list(ipaddress.collapse_addresses([make() for _ in range(rng.randrange(1, 3))]))
    removed = [make() for _ in range(rng.randrange(1, 3))]
    left = networks
    for hole in removed:
        pieces = []
        for network in left:
            if hole.subnet_of(network):
                pieces.extend(network.address_exclude(hole))
            elif not network.subnet_of(hole):
                pieces.append(network)
        left = pieces
    left = join(map(network_text, ipaddress.collapse_addresses(left))) or "-"
    return f"{join(map(network_text, networks))} - {join(map(network_text, removed))}", left


def order(rng):
    networks = []
    for _ in range(2):
        make = kin(rng, version(rng), 3)
        networks += [make(), make()]
    networks.sort(key=lambda network: int(network[0]))
    ordered = sorted(networks, key=ipaddress.get_mixed_type_key)
    return join(map(network_text, networks)), join(map(network_text, ordered))


OPERATIONS = {
    "ipv4-text": ipv4_text,
    "ipv6-text": ipv6_text,
    "refusal": refusal,
    "network-refusal": network_refusal,
    "predicates": predicates,
    "arithmetic": arithmetic,
    "network-text": network_text_reading,
    "network-values": network_values,
    "network-relations": network_relations,
    "cover": cover,
    "union": union,
    "difference": difference,
    "order": order,
}


def main():
    if len(sys.argv) != 4:
        print("\n".join(OPERATIONS))
        return
    operation = OPERATIONS[sys.argv[1]]
    rng = random.Random(f"{sys.argv[1]} {sys.argv[2]}")
    count = int(sys.argv[3])
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    while count > 0:
        chunk = min(count, 1000)
        sys.stdout.write("".join(f"{case}\t{expected}\n" for case, expected in (operation(rng) for _ in range(chunk))))
        count -= chunk


main()
