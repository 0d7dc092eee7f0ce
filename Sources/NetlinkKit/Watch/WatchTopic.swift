internal import CNetlink

/// What can be watched.
public struct WatchTopic<Object: Sendable>: Sendable {
    /// The groups in which the kernel tells of it (`RTNLGRP_…`).
    let groups: [CInt]

    /// The message of a change.
    let changed: MessageType

    /// The message of a removal.
    let removed: MessageType

    /// Reads what comes after the header of a message: an object, or `nil` for what is not about one.
    let parse: @Sendable (RawSpan) throws(MalformedMessage) -> Object?

    /// Reads all objects.
    let dump: @Sendable (inout RouteSocket) throws(NetlinkError) -> [Object]

    /// Describes a topic.
    ///
    /// - Parameters:
    ///   - groups: The groups in which the kernel tells of it.
    ///   - changed: The message of a change.
    ///   - removed: The message of a removal.
    ///   - isAbout: Whether what comes after the header of a message is about an object of the kind; true when in doubt.
    ///   - read: Reads it; `nil` when it is malformed.
    ///   - dump: Reads all objects.
    init(
        _ groups: [rtnetlink_groups], _ changed: MessageType, _ removed: MessageType,
        isAbout: @escaping @Sendable (RawSpan) -> Bool = { _ in true },
        read: @escaping @Sendable (RawSpan) -> Object?,
        dump: @escaping @Sendable (inout RouteSocket) throws(NetlinkError) -> [Object]
    ) {
        self.groups = groups.map { CInt($0.rawValue) }
        self.changed = changed
        self.removed = removed
        parse = { payload throws(MalformedMessage) in
            guard isAbout(payload) else { return nil }
            guard let object = read(payload) else { throw MalformedMessage() }
            return object
        }
        self.dump = dump
    }
}

/// A message of the kernel that is none.
struct MalformedMessage: Error {}
