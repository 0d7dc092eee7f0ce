/// A difference between what a listener knew and what the cache has.
public enum ReflectorChange<Value: Sendable & Equatable>: Sendable, Equatable {
    /// A value that the listener did not know.
    case added(ObjectKey, Value)
    /// A value that is another one now; changes that came quickly after each other are told as one.
    case updated(ObjectKey, old: Value, new: Value)
    /// A value that is gone.
    case removed(ObjectKey, old: Value)
}
