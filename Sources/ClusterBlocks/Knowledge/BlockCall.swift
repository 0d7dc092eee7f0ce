public import IPAMCore
public import IPAMEngine
public import PoolModel

/// A call of the API server.
public enum BlockCall: Sendable, Hashable {
    /// Read the object of a block as it is now: no `resourceVersion`.
    case read(BlockKey)
    /// List the metadata of the objects of an area; consistent: no `resourceVersion`, otherwise `0`.
    case survey(BlockArea, isConsistent: Bool)
    /// Create an object.
    case create(BlockObject)
    /// Patch an object if its `spec.write` is still this.
    case update(BlockObject, ifWrite: UInt64)
    /// Delete an object if it is still this one and of this version.
    case delete(BlockKey, uid: String, resourceVersion: UInt64)
}

/// What came of a ``BlockCall``.
public enum BlockCallResult: Sendable {
    /// The object that was read.
    case found(BlockObject)
    /// There is none (404 of a read).
    case absent
    /// The object that was read makes no sense.
    case unreadable(InvalidResource)
    /// What was listed, and the version of the list.
    case summaries([BlockSummary], resourceVersion: UInt64)
    /// It is created or updated.
    case written(uid: String, resourceVersion: UInt64)
    /// It is deleted, or was not there (404 of a delete).
    case deleted
    /// Refused because of what is there: 409 and 422, and 404 of an update; with the server's words.
    case conflict(String)
    /// The server cannot or will not say (time out, connection lost, 5xx, 429): the call is made again.
    case unknown
}

/// What has to happen before a question can be answered.
public enum ClusterStep: Sendable {
    /// Nothing: this is the answer.
    case answer(StoreAnswer)
    /// These calls, all at once; their results go to ``ClusterBlocks/resume(_:at:)`` in the same order.
    case calls([BlockCall])
    /// The list of the agent's own blocks, see ``ClusterBlocks/relisted(_:unreadable:resourceVersion:since:)``; then
    /// ``ClusterBlocks/resume(_:at:)`` without results.
    case wait
    /// The API server does not take what is written, and will not: the batch ends without an answer.
    case refused(String)
}

/// What a watch of the agent's own blocks reports.
public enum BlockEvent: Sendable {
    /// The object is there, new or changed.
    case changed(BlockObject)
    /// The object is gone, or belongs to another node.
    case removed(BlockKey, resourceVersion: UInt64)
    /// The object makes no sense: none of its addresses is handed out before it does.
    case unreadable(BlockKey, InvalidResource, resourceVersion: UInt64)
}
