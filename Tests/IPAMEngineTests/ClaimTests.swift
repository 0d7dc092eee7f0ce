import IPAMCore
import IPAMEngine
import Testing

@Suite struct ClaimTests {
    @Test func aPoolOfNServesExactlyN() throws {
        var store = MemoryStore()
        let pool = try Sample.pool("p", "10.0.0.60-10.0.0.69")
        var seen: Set<String> = []
        for index in 0..<10 { seen.formUnion(try store.claim(Sample.request("\(index)", from: [pool]))) }
        #expect(seen.count == 10)
        let failure = #expect(throws: EngineFailure<Never>.self) {
            try store.claim(Sample.request("late", from: [pool]))
        }
        guard case .refused(let error)? = failure else { return #expect(Bool(false), "\(String(describing: failure))") }
        #expect(error.code == .usedOut)
        #expect(
            error.description
                == "all IP addresses used out: IPv4: IPPool p has 10 usable addresses: 10 claimed")
        #expect(store.claims.count == 10)
    }

    @Test func repeatingReturnsTheSameAlsoFromAFullPool() throws {
        var store = MemoryStore()
        let pool = try Sample.pool("p", "10.0.0.1-10.0.0.2")
        let first = try store.claim(Sample.request("a", from: [pool]))
        _ = try store.claim(Sample.request("b", from: [pool]))
        let before = store.claims
        #expect(try store.claim(Sample.request("a", at: 99, from: [pool])) == first)
        #expect(store.claims == before)
    }

    @Test func aNewSandboxKeepsTheAddressAndALateReleaseOfTheOldChangesNothing() throws {
        var store = MemoryStore()
        let pool = try Sample.pool("p", "10.0.0.1-10.0.0.9")
        let address = try store.claim(Sample.request("a", container: "old", from: [pool]))
        #expect(try store.claim(Sample.request("a", container: "new", from: [pool])) == address)
        #expect(try store.release("old") == [])
        #expect(store.claims.map(\.containerID) == ["new"])
        #expect(store.claims.first?.sequence == 2)
        #expect(try store.release("new") == address)
        #expect(try store.release("new") == [])
    }

    /// A runtime that learns to tell the Pod's UID, or forgets to, still means the same container and interface.
    @Test func theSameContainerUnderAnotherUIDKeepsItsAddress() throws {
        var store = MemoryStore()
        let pool = try Sample.pool("p", "10.0.0.1-10.0.0.9")
        let address = try store.claim(Sample.request("c-1", container: "c-1", from: [pool]))
        #expect(try store.claim(Sample.request("pod", container: "c-1", from: [pool])) == address)
        #expect(store.claims.map(\.owner.uid) == ["pod"])
        #expect(try store.claim(Sample.request("pod", container: "c-2", from: [pool])) == address)
        #expect(try store.release("c-2") == address)
        #expect(store.claims.isEmpty)
    }

    /// Nobody would release it: the DEL of the new sandbox does not own it, and that of the old one may never come.
    @Test func aNewSandboxGivesUpTheFamilyThatItDoesNotAskForAnyMore() throws {
        var store = MemoryStore()
        let v4 = try Sample.pool("v4", "10.0.0.1-10.0.0.9")
        let v6 = try Sample.pool("v6", "fd00::1-fd00::9")
        #expect(try store.claim(Sample.request("a", container: "old", from: [v4], [v6])) == ["10.0.0.1", "fd00::1"])
        // The same sandbox may still use what it was given.
        #expect(try store.claim(Sample.request("a", container: "old", from: [v4], existing: [v6])) == ["10.0.0.1"])
        #expect(store.claims.count == 2)
        #expect(try store.claim(Sample.request("a", container: "new", from: [v4], existing: [v6])) == ["10.0.0.1"])
        #expect(store.claims.map(\.address.description) == ["10.0.0.1"])
        #expect(try store.claim(Sample.request("a", container: "new", from: [v4], [v6])) == ["10.0.0.1", "fd00::2"])
    }

    @Test func twoInterfacesFromOnePoolGetTwoAddresses() throws {
        var store = MemoryStore()
        let pool = try Sample.pool("p", "10.0.0.1-10.0.0.9")
        let first = try store.claim(Sample.request("a", interface: "eth0", from: [pool]))
        let second = try store.claim(Sample.request("a", interface: "net1", from: [pool]))
        #expect(first != second)
        #expect(try store.release("c-a", "net1") == second)
        #expect(store.claims.map(\.interface) == ["eth0"])
    }

    @Test func dualStackIsOneDecision() throws {
        var store = MemoryStore()
        let v4 = try Sample.pool("v4", "10.0.0.1-10.0.0.9")
        let v6 = try Sample.pool("v6", "fd00::1")
        #expect(try store.claim(Sample.request("a", from: [v4], [v6])) == ["10.0.0.1", "fd00::1"])
        #expect(throws: EngineFailure<Never>.self) { try store.claim(Sample.request("b", from: [v4], [v6])) }
        #expect(store.claims.map(\.owner.uid) == ["a", "a"])
    }

    @Test func theNextPoolIsUsedOnlyWhenTheEarlierIsFull() throws {
        var store = MemoryStore()
        let primary = try Sample.pool("primary", "10.0.0.1-10.0.0.2")
        let backup = try Sample.pool("backup", "10.0.1.1-10.0.1.9")
        let pools = [primary, backup]
        #expect(try store.claim(Sample.request("a", from: pools)) == ["10.0.0.1"])
        #expect(try store.claim(Sample.request("b", from: pools)) == ["10.0.0.2"])
        #expect(try store.claim(Sample.request("c", from: pools)) == ["10.0.1.1"])
        // A cooling address of the first pool is better than the second pool.
        _ = try store.release("c-a", at: 1)
        #expect(try store.claim(Sample.request("d", at: 2, from: pools)) == ["10.0.0.1"])
    }

    @Test func releasedAddressesAreReusedLast() throws {
        var store = MemoryStore()
        let pool = try Sample.pool("p", "10.0.0.1-10.0.0.3")
        _ = try store.claim(Sample.request("a", from: [pool]))
        _ = try store.claim(Sample.request("b", from: [pool]))
        _ = try store.release("c-b", at: 1)
        _ = try store.release("c-a", at: 2)
        #expect(try store.claim(Sample.request("c", at: 3, from: [pool])) == ["10.0.0.3"])
        #expect(try store.claim(Sample.request("d", at: 3, from: [pool])) == ["10.0.0.2"])
        #expect(try store.claim(Sample.request("e", at: 3, from: [pool])) == ["10.0.0.1"])
    }

    @Test func anAddressThatLeftItsPoolIsReplaced() throws {
        var store = MemoryStore()
        let wide = try Sample.pool("p", "10.0.0.1-10.0.0.9")
        let narrow = try Sample.pool("p", "10.0.0.5-10.0.0.9")
        #expect(try store.claim(Sample.request("a", from: [wide])) == ["10.0.0.1"])
        #expect(try store.claim(Sample.request("a", from: [narrow])) == ["10.0.0.5"])
        #expect(store.claims.map(\.address.description) == ["10.0.0.5"])
    }

    @Test func anAddressOfAPoolThatIsNoLongerChosenIsKept() throws {
        var store = MemoryStore()
        let old = try Sample.pool("old", "10.0.0.1-10.0.0.9")
        let new = try Sample.pool("new", "10.0.1.1-10.0.1.9")
        let address = try store.claim(Sample.request("a", from: [old]))
        #expect(try store.claim(Sample.request("a", from: [new], existing: [old])) == address)
    }

    @Test func aConflictIsLookedAtAgain() throws {
        let pool = try Sample.pool("p", "10.0.0.1-10.0.0.9")
        let others = (0..<5).map { Sample.request("other-\($0)", from: [pool]) }
        var store = ContestedStore(interferences: others)
        var process = ClaimProcess(Sample.request("me", from: [pool]))
        let mine = try store.run(&process)
        #expect(store.conflicts == 5)
        #expect(mine.map(\.address.description) == ["10.0.0.6"])
        #expect(Set(store.store.claims.map(\.address)).count == 6)
    }

    @Test func endlessConflictsEndWithAnError() throws {
        let pool = try Sample.pool("p", "10.0.0.0-10.0.255.255")
        let others = (0..<ClaimProcess.maximumAttempts).map { Sample.request("other-\($0)", from: [pool]) }
        var store = ContestedStore(interferences: others)
        var process = ClaimProcess(Sample.request("me", from: [pool]))
        let failure = #expect(throws: EngineFailure<Never>.self) { try store.run(&process) }
        guard case .refused(let error)? = failure else { return #expect(Bool(false)) }
        #expect(error.code == .contention)
    }

    @Test func overlappingPoolsNeverShareAnAddress() throws {
        var store = MemoryStore()
        let first = try Sample.pool("first", "10.0.0.1-10.0.0.4")
        let second = try Sample.pool("second", "10.0.0.3-10.0.0.6")
        var addresses: [String] = []
        for index in 0..<2 {
            addresses += try store.claim(Sample.request("a\(index)", from: [first]))
            addresses += try store.claim(Sample.request("b\(index)", from: [second]))
        }
        #expect(Set(addresses).count == 4)
        // What the second pool took is gone for the first, although its own claims would not fill it.
        #expect(throws: EngineFailure<Never>.self) { try store.claim(Sample.request("a2", from: [first])) }
        addresses += try store.claim(Sample.request("b2", from: [second]))
        addresses += try store.claim(Sample.request("b3", from: [second]))
        #expect(Set(addresses).count == 6)
    }
}
