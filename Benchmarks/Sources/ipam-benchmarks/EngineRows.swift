import CAllocationCounter
import IPAMCore
import IPAMEngine

/// The engine in one process on a store in memory: an empty /16 filled to the last address.
///
/// Every claim of the batched row finds out what its owner has, picks, and is written with the others of its batch in one
/// conditional write. The rivals do less: they know no owner's other addresses, no states, no conflicts.
func engineRows() -> [Row] {
    let group = "engine in memory"
    let count = 1 << 16
    let network = IPv4Address(bits: 0x0a06_0000)
    let range = AddressRange(.v4(network), .v4(IPv4Address(bits: network.bits + UInt32(count - 1))))
    let requests = (0..<count).map { request($0, PoolCandidate(pool: "rack-a", addresses: AddressSet(range))) }
    let sizes = [128, 1024]
    let batches = sizes.map { size in
        stride(from: 0, to: count, by: size).map { first in
            requests[first..<first + size].map { BatchRequest.claim(ClaimProcess($0)) }
        }
    }
    let names = requests.map { ($0.owner.uid, $0.interface) }
    let rows = measure(
        group, rounds: 11,
        [
            Contender("claim, \(sizes[0]) in one write", operations: count) { claimTogether(batches[0]) },
            Contender("claim, \(sizes[1]) in one write", operations: count) { claimTogether(batches[1]) },
            Contender("claim, one in a write", operations: count) { claimAlone(requests) },
            Contender("rival: host-local's algorithm without its files, the first 4096 addresses", operations: 4096) {
                walkFromLast(names.prefix(4096), network: network.bits)
            },
            Contender("rival: first free from the beginning, the first 4096 addresses", operations: 4096) {
                walkFromFirst(names.prefix(4096), network: network.bits)
            },
        ])
    return rows
        + [
            Row(
                group, "claims a second, \(sizes[0]) in one write", value: 1e9 / rows[0].median, unit: "1/s",
                target: .atLeast(1_000_000)),
            Row(group, "claims a second, \(sizes[1]) in one write", value: 1e9 / rows[1].median, unit: "1/s"),
            Row(group, "claims a second, one in a write", value: 1e9 / rows[2].median, unit: "1/s"),
            Row(
                group, "memory of a claim in a full store", value: bytesOfAClaim(count, range), unit: "B",
                target: .atMost(512)),
        ]
}

private func request(_ number: Int, _ pool: PoolCandidate) -> ClaimRequest {
    let tail = String(0x10_0000_0000 + number * 2_654_435_761 % 0xffff_ffff, radix: 16)
    let uid = "5b0e7d8a-9a4e-4a55-8a53-\(tail)"
    return ClaimRequest(
        owner: Claim.Owner(namespace: "shop", name: "web-\(number)", uid: uid), interface: "eth0", containerID: uid,
        network: "rack", node: "node-1", now: Timestamp(seconds: Int64(number)),
        demands: [FamilyDemand(family: .ipv4, candidates: [pool])], declaredAddresses: [:])
}

private func claimTogether(_ batches: [[BatchRequest]]) -> Int {
    var store = MemoryStore()
    var sum = 0
    for requests in batches {
        var batch = BatchProcess(requests)
        do {
            for result in try store.run(&batch) { sum &+= try result.get().claims.count }
        } catch {
            fail("\(error)")
        }
    }
    return sum
}

/// What a store keeps for each claim, once the requests are gone.
private func bytesOfAClaim(_ count: Int, _ range: AddressRange) -> Double {
    let before = bytes_in_use()
    var store = MemoryStore()
    for number in 0..<count {
        var process = ClaimProcess(request(number, PoolCandidate(pool: "rack-a", addresses: AddressSet(range))))
        do {
            consume(try store.run(&process).count)
        } catch {
            fail("\(error)")
        }
    }
    let after = bytes_in_use()
    return withExtendedLifetime(store) { Double(after - before) / Double(count) }
}

private func claimAlone(_ requests: [ClaimRequest]) -> Int {
    var store = MemoryStore()
    var sum = 0
    for request in requests {
        var process = ClaimProcess(request)
        do {
            sum &+= try store.run(&process).count
        } catch {
            fail("\(error)")
        }
    }
    return sum
}

/// What host-local does for an ADD, with a dictionary in place of a folder: look through all reservations whether the
/// owner has one, then walk on from the address given last.
private func walkFromLast(_ names: ArraySlice<(String, String)>, network: UInt32) -> Int {
    var owners: [UInt32: (String, String)] = [:]
    var last = network &- 1
    for name in names {
        if owners.values.contains(where: { $0 == name }) { continue }
        last += 1
        while owners[last] != nil { last += 1 }
        owners[last] = name
    }
    return owners.count
}

/// What allocators over a list of reservations do: try one address after the other.
private func walkFromFirst(_ names: ArraySlice<(String, String)>, network: UInt32) -> Int {
    var owners: [UInt32: (String, String)] = [:]
    for name in names {
        var address = network
        while owners[address] != nil { address += 1 }
        owners[address] = name
    }
    return owners.count
}
