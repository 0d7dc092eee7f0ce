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
}

/// A message of the kernel that is none.
struct MalformedMessage: Error {}

extension WatchTopic where Object == Link {
    /// Links: `ip monitor link`.
    public static var links: Self {
        Self(groups: [CInt(RTNLGRP_LINK.rawValue)], changed: .newLink, removed: .deleteLink) {
            payload throws(MalformedMessage) in
            // A bridge tells of its ports with messages of the same types; the one of a port that leaves would read as the
            // end of the link.
            guard payload.integer(as: UInt8.self) == 0 else { return nil }
            guard let link = Link(payload) else { throw MalformedMessage() }
            return link
        } dump: { socket throws(NetlinkError) in
            try socket.links()
        }
    }
}
