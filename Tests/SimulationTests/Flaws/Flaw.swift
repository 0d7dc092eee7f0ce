/// A mistake made on purpose, to see that it is found.
enum Flaw: String, CaseIterable, Sendable {
    // The store breaks its word.

    /// A write succeeds whatever was written meanwhile.
    case versionsIgnored
    /// Some writes are confirmed and never done.
    case writesForgotten
    /// Of the blocks of one write only the first is written.
    case writesCut
    /// After a restore old versions come again.
    case versionsReturnAfterRestore
    /// An agent may be answered from before its own writes.
    case ownWritesUnseen

    // The agent breaks its word.

    /// A request goes on although its caller gave up and a newer one may run.
    case abandonedRequestsGoOn
    /// Two requests for one sandbox run at once.
    case twoRequestsAtOnce

    /// Requests that left their batch are written all the same.
    case withdrawnGoOn

    // The engine is wrong.

    /// ADD does not look at what the identity owns.
    case ownedIgnored
    /// Picking takes quarantined addresses.
    case quarantineIgnored
    /// ADD takes a conflict for a success.
    case claimConflictIgnored
    /// ADD takes a cooling address before better ones.
    case coolingFirst
    /// ADD refuses rather than take a cooling address.
    case coolingRefused
    /// DEL takes a conflict for a success.
    case releaseConflictIgnored
    /// DEL frees what its workload owns, whichever sandbox has it now.
    case containerIgnored
    /// DEL frees what its container owns on any interface.
    case interfaceIgnored
    /// DEL does not let the address cool.
    case coolingSkipped
    /// DEL frees an address that is kept for its identity.
    case fixedReleased
    /// Picking takes an address that is kept for somebody.
    case retainedGivenAway
    /// ADD takes the address that it wants whoever has it.
    case wantedTakenFromOwner
    /// The administrator ends whatever claim is on the address by now.
    case reclaimFenceIgnored
    /// A batch loses what one of its members picked.
    case pickLost
    /// The members of a batch do not see each other, and the last one's blocks are written.
    case membersBlind
}
